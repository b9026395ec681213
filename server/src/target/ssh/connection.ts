import type { Duplex } from 'node:stream';
import type { ClientChannel } from 'ssh2';
import type { Log } from '../../base/log.ts';
import { UserError } from '../../base/error.ts';
import { OpenError } from '../supervise.ts';
import type { Secrets } from '../secrets.ts';
import type { SshSettings } from './config.ts';
import { asErrorLike, failure, jumpFailure, said } from './failures.ts';
import { dialTcp } from './dial.ts';
import type { Hops } from './hops.ts';
import { Dropped, Live } from './live.ts';
import { orAborted } from './abort.ts';

export interface SshContext {
  /** Shared by all targets: a passphrase serves many hosts. */
  readonly secrets: Secrets;
  /** Shared by all targets: one connection to a jump host serves many hosts behind it. */
  readonly hops: Hops;
  readonly log: Log;
  /** The connection stands, or it dropped; not told of one that is closed on purpose. */
  readonly changed?: ((isConnected: boolean) => void) | undefined;
}

/**
 * How long a refused login or host key is answered from memory. An editor checks on every change:
 * without this it would ask the person, and knock at the host, each time anew.
 */
const REFUSAL_MS = 60_000;

/**
 * One connection to one host for all commands. It connects when it is first needed and again when
 * it dropped; requests that come while it connects share the attempt.
 */
export class SshConnection {
  readonly #resolve: () => SshSettings;
  readonly #context: SshContext;
  #live: Live | undefined;
  #attempt: Attempt | undefined;
  #refusal: { readonly error: OpenError; readonly until: number } | undefined;
  #disposed = false;

  /** `resolve` gives the settings anew for each connect, so that a corrected configuration counts. */
  constructor(resolve: () => SshSettings, context: SshContext) {
    this.#resolve = resolve;
    this.#context = context;
  }

  /** Starts a command. Rejects with an OpenError, or with the signal's reason when it aborts. */
  exec(command: string, signal: AbortSignal): Promise<{ readonly channel: ClientChannel; readonly settings: SshSettings }> {
    return this.#withLive(signal, async (live) => ({ channel: await live.exec(command, signal), settings: live.settings }));
  }

  /** A stream to a port that the host reaches. Rejects as `exec` does. */
  forward(next: SshSettings, signal: AbortSignal): Promise<Duplex> {
    return this.#withLive(signal, (live) => live.forward(next, signal));
  }

  /** The next request tries again, even where the answer was no. */
  forgetRefusal(): void {
    this.#refusal = undefined;
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#attempt?.abort();
    await this.#live?.end();
  }

  async #withLive<T>(signal: AbortSignal, use: (live: Live) => Promise<T>): Promise<T> {
    const live = await this.#connected(signal);
    try {
      return await use(live);
    } catch (error) {
      // It was dead already (a sleeping laptop, a restarted host) and nothing has begun: connect anew, once.
      if (!(error instanceof Dropped) || signal.aborted) throw error;
    }
    return use(await this.#connected(signal)).catch((error: unknown) => {
      throw error instanceof Dropped ? failure('connection-lost', `The connection to ${live.settings.label} keeps breaking: ${error.message}`, error) : error;
    });
  }

  async #connected(signal: AbortSignal): Promise<Live> {
    if (this.#disposed) throw failure('connection-lost', 'The target was closed.');
    if (this.#live && !this.#live.closed) return this.#live;
    if (this.#refusal && Date.now() < this.#refusal.until) throw this.#refusal.error;
    return (this.#attempt ??= this.#begin()).wait(signal);
  }

  #begin(): Attempt {
    const over = (): void => {
      if (this.#attempt === attempt) this.#attempt = undefined;
    };
    const attempt: Attempt = new Attempt((signal) => this.#try(signal).finally(over), over);
    return attempt;
  }

  async #try(signal: AbortSignal): Promise<Live> {
    try {
      const live = await this.#connect(signal);
      this.#live = live;
      this.#watch(live);
      return live;
    } catch (error) {
      const failed = asOpenError(error);
      const { reason } = failed.failure;
      if (!signal.aborted && (reason === 'auth' || reason === 'host-key')) this.#refusal = { error: failed, until: Date.now() + REFUSAL_MS };
      throw failed;
    }
  }

  #watch(live: Live): void {
    const { changed } = this.#context;
    changed?.(true);
    void live.gone.then(() => {
      if (!this.#disposed && this.#live === live) changed?.(false);
    });
  }

  async #connect(signal: AbortSignal): Promise<Live> {
    const settings = this.#resolve();
    const { jump } = settings;
    // The one way to ssh2: a server that uses no SSH target never loads it.
    const { connect } = await import('./connect.ts');
    const common = { settings, ...this.#context, signal };
    const { log } = this.#context;
    if (jump === undefined) return new Live(await connect({ ...common, through: undefined, dial: () => Promise.resolve(dialTcp(settings)) }), settings, log);
    const hop = this.#context.hops.take(jump, () => new SshConnection(() => jump, { ...this.#context, changed: undefined }));
    const dial = (): Promise<Duplex> => hop.connection.forward(settings, signal);
    try {
      const through = await dial().catch((error: unknown) => {
        throw jumpFailure(settings, asOpenError(error));
      });
      const live = new Live(await connect({ ...common, through, dial }), settings, log);
      void live.gone.then(() => hop.release());
      return live;
    } catch (error) {
      hop.release();
      throw error;
    }
  }
}

function asOpenError(error: unknown): OpenError {
  if (error instanceof OpenError) return error;
  if (error instanceof UserError) return failure('host', error.message, error);
  return failure('unreachable', `Connecting failed: ${said(asErrorLike(error).message)}`, error);
}

/** One try to connect, shared by everyone who waits for it; given up when nobody waits any more. */
class Attempt {
  readonly #control = new AbortController();
  readonly #result: Promise<Live>;
  readonly #abandoned: () => void;
  #waiting = 0;

  constructor(run: (signal: AbortSignal) => Promise<Live>, abandoned: () => void) {
    this.#abandoned = abandoned;
    // A turn later, so that the owner holds this attempt before it can end.
    this.#result = Promise.resolve().then(() => run(this.#control.signal));
    this.#result.catch(() => undefined);
  }

  async wait(signal: AbortSignal): Promise<Live> {
    this.#waiting++;
    try {
      return await orAborted(this.#result, signal);
    } finally {
      if (--this.#waiting === 0 && signal.aborted) this.abort();
    }
  }

  abort(): void {
    this.#abandoned();
    this.#control.abort(failure('connection-lost', 'Connecting was cancelled.'));
    void this.#result.then((live) => live.end(), () => undefined);
  }
}
