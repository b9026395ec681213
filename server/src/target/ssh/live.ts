import type { Duplex } from 'node:stream';
import type { Client, ClientCallback, ClientChannel } from 'ssh2';
import { orAborted } from './abort.ts';
import type { SshSettings } from './config.ts';
import type { Log } from '../../base/log.ts';
import type { Connected } from './connect.ts';
import { asErrorLike, failure, forwardFailure, PATIENCE_MS, said, waiting } from './failures.ts';
import { Silence } from './silence.ts';

/** Nothing was started: the connection was dead before. */
export class Dropped extends Error {}

/** Time for the host to answer our good-bye before the socket is closed without it. */
const FAREWELL_MS = 2_000;

/** A connection that stands, until it drops. */
export class Live {
  readonly settings: SshSettings;
  closed = false;
  /** Resolves when the connection has ended, however it did. */
  readonly gone: Promise<void>;
  readonly #client: Client;
  /** Channels that are open or being opened. */
  #open = 0;
  #waiting: (() => void)[] = [];
  #turn: Promise<void> = Promise.resolve();

  readonly #log: Log;
  readonly #silence: Silence | undefined;

  constructor({ client, received }: Connected, settings: SshSettings, log: Log) {
    this.#client = client;
    this.settings = settings;
    this.#log = log;
    this.#silence = received && new Silence(settings.label, settings.keepaliveMs, received, log);
    this.gone = new Promise((resolve) => {
      client.once('close', () => {
        this.closed = true;
        this.#silence?.watch(false);
        this.#changed();
        resolve();
      });
    });
  }

  /**
   * Starts a command. A host allows only so many sessions at once (sshd: MaxSessions, 10 unless
   * set) and does not say how many; who is refused waits in line until another one ends.
   */
  async exec(command: string, signal: AbortSignal): Promise<ClientChannel> {
    const start = (): Promise<ClientChannel> => this.#channel((done) => this.#client.exec(command, done), signal);
    try {
      return await start();
    } catch (error) {
      if (!isFull(error)) throw this.#execFailure(error, signal);
    }
    return this.#inTurn(signal, async () => {
      for (;;) {
        const others = this.#open;
        if (others > 0) await orAborted(new Promise<void>((resolve) => this.#waiting.push(resolve)), signal);
        try {
          return await start();
        } catch (error) {
          if (!isFull(error) || others === 0) throw this.#execFailure(error, signal);
        }
      }
    });
  }

  /** A stream to a port that this host reaches: the way on from a jump host. */
  async forward(next: SshSettings, signal: AbortSignal): Promise<Duplex> {
    try {
      return await this.#channel((done) => this.#client.forwardOut('127.0.0.1', 0, next.host, next.port, done), signal);
    } catch (error) {
      throw error instanceof Dropped || signal.aborted ? error : forwardFailure(this.settings, next, error);
    }
  }

  async end(): Promise<void> {
    if (this.closed) return;
    this.#client.end();
    const timer = setTimeout(() => this.#client.destroy(), FAREWELL_MS);
    await this.gone;
    clearTimeout(timer);
  }

  #execFailure(error: unknown, signal: AbortSignal): unknown {
    if (error instanceof Dropped || signal.aborted) return error;
    return failure('host', `${this.settings.label} did not start a command: ${said(asErrorLike(error).message)}`, error);
  }

  #channel(start: (done: ClientCallback) => void, signal: AbortSignal): Promise<ClientChannel> {
    const { label, connectTimeoutMs } = this.settings;
    this.#opened();
    const notice = setTimeout(() => this.#log.warn(waiting(label, 'it has not started the command yet')), PATIENCE_MS);
    const opening = new Promise<ClientChannel>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#client.destroy();
        reject(new Dropped(`${label} did not answer within ${connectTimeoutMs / 1000} s`));
      }, connectTimeoutMs);
      const ended = (error: Error): void => {
        clearTimeout(timer);
        this.#ended();
        reject(this.closed ? new Dropped(error.message) : error);
      };
      try {
        start((error, channel) => {
          if (error) return ended(error);
          clearTimeout(timer);
          this.#watch(channel);
          // Nobody waits for it any more.
          if (signal.aborted) channel.close();
          resolve(channel);
        });
      } catch (error) {
        // ssh2 throws "Not connected" when the socket has ended but 'close' has not come yet.
        ended(new Dropped(asErrorLike(error).message));
      }
    });
    return orAborted(opening, signal).finally(() => clearTimeout(notice));
  }

  #opened(): void {
    if (this.#open++ === 0) this.#silence?.watch(!this.closed);
  }

  #ended(): void {
    if (--this.#open === 0) this.#silence?.watch(false);
    this.#changed();
  }

  #watch(channel: ClientChannel): void {
    channel.once('close', () => this.#ended());
  }

  #changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  async #inTurn<T>(signal: AbortSignal, job: () => Promise<T>): Promise<T> {
    const before = this.#turn;
    let done: () => void = () => undefined;
    const mine = new Promise<void>((resolve) => (done = resolve));
    this.#turn = before.then(() => mine);
    try {
      await orAborted(before, signal);
      return await job();
    } finally {
      done();
    }
  }
}

/** The host refused to open one more session: ssh2 gives such an error the reason's number. */
function isFull(error: unknown): boolean {
  return error instanceof Error && 'reason' in error;
}
