import { printable } from '../base/text.ts';
import { Deadline } from './deadline.ts';
import type { Secrets } from './secrets.ts';
import { CONNECTION_LOST, OpenError, supervise, type Channel } from './supervise.ts';
import { IS_ROOT, PASSWORD_PROMPT, ROOT_BOOTSTRAP, SUDO_BOOTSTRAP } from './supervisor.ts';
import { needsRoot, SudoWantsPassword } from './root-failures.ts';
import type { ExecRequest, Execution, Failed, Outcome } from './target.ts';

/** Starts a command line on the target. */
export type OpenChannel = (command: string, signal: AbortSignal) => Promise<Channel>;

/** Time for sudo to answer, not counting what a person needs. It may ask a directory server. */
const SUDO_TIMEOUT_MS = 30_000;

/**
 * How one target runs commands as root. At first sudo and doas may not ask, which is all it takes where they let the user through.
 * When sudo wants a password, a person is asked once; it goes through standard input, each time anew.
 */
export class RootAccess {
  readonly #open: OpenChannel;
  readonly #secrets: Secrets;
  readonly #label: () => string;
  #wantsPassword = false;
  /** Nobody gave a password, or it does not help: answered from memory, because an editor comes with each change. */
  #refusal: Failed | undefined;

  /** `label` tells the host apart from others: `user@host:port`. */
  constructor(open: OpenChannel, secrets: Secrets, label: () => string) {
    this.#open = open;
    this.#secrets = secrets;
    this.#label = label;
  }

  start(request: ExecRequest): Execution {
    let current = this.#begin(request);
    const done = (async (): Promise<Outcome> => {
      const outcome = await current.done;
      if (outcome.kind !== 'failed' || !(outcome.cause instanceof SudoWantsPassword)) return outcome;
      this.#wantsPassword = true;
      current = this.#begin(request);
      return current.done;
    })();
    return { done, stop: (graceMs) => current.stop(graceMs) };
  }

  /** The next request asks again, and tries without a password first: the host's rules may have changed. */
  forgetRefusal(): void {
    this.#refusal = undefined;
    this.#wantsPassword = false;
  }

  #begin(request: ExecRequest): Execution {
    return supervise(request, (signal) => (this.#wantsPassword ? this.#withPassword(signal) : this.#open(ROOT_BOOTSTRAP, signal)));
  }

  async #withPassword(signal: AbortSignal): Promise<Channel> {
    if (this.#refusal) throw new OpenError(this.#refusal);
    try {
      // Before sudo is started: it does not wait long for a person.
      const password = await this.#password(undefined);
      signal.throwIfAborted();
      const channel = await this.#open(SUDO_BOOTSTRAP, signal);
      return await this.#pass(new Door(channel, signal), password);
    } catch (error) {
      if (error instanceof OpenError && error.failure.reason === 'needs-root') this.#refusal = error.failure;
      throw error;
    }
  }

  async #pass(door: Door, first: string): Promise<Channel> {
    let password: string | undefined;
    const key = this.#key();
    for (;;) {
      const event = await door.next();
      if (event === 'prompt') {
        if (password !== undefined) this.#secrets.judge(key, password, 'wrong');
        password = password === undefined ? first : await door.person(() => this.#password(password)).catch((error: unknown) => door.giveUp(error));
        door.answer(password);
      } else if (event === 'root') {
        if (password !== undefined) this.#secrets.judge(key, password, 'right');
        return door.channel();
      } else {
        if (password !== undefined && /incorrect password/.test(event.said)) this.#secrets.judge(key, password, 'wrong');
        throw new OpenError(event.lost ? CONNECTION_LOST : needsRoot(event.said, password !== undefined));
      }
    }
  }

  /** Rejects when none is given, or the same as before: then nobody is there who could know better. */
  async #password(refused: string | undefined): Promise<string> {
    const label = this.#label();
    const again = refused === undefined ? '' : ' (the last one was wrong)';
    const password = await this.#secrets.answer({ what: `Password of ${printable(label)} for sudo${again}`, key: this.#key(), refused });
    if (!password || password === refused) throw new OpenError(needsRoot(refused === undefined ? 'sudo: a password is required' : 'sudo: incorrect password attempt', true));
    return password;
  }

  #key(): string {
    return `sudo ${this.#label()}`;
  }
}

type Event = 'prompt' | 'root' | { readonly said: string; readonly lost: boolean };

/** A channel on which sudo asks before it lets the supervisor's text be read. */
class Door {
  readonly #channel: Channel;
  readonly #deadline: Deadline;
  #said = '';
  #seen = 0;
  #closed = false;
  #exitCode: number | undefined;
  #expired = false;
  #wake: () => void = () => undefined;
  #passOn: ((bytes: Buffer) => void) | undefined;
  #passOnStdout: ((bytes: Buffer) => void) | undefined;

  constructor(channel: Channel, signal: AbortSignal) {
    this.#channel = channel;
    this.#deadline = new Deadline(SUDO_TIMEOUT_MS, () => {
      this.#expired = true;
      channel.destroy();
    });
    signal.addEventListener('abort', () => channel.destroy(), { once: true });
    if (signal.aborted) channel.destroy();
    // A dead far side shows in `closed`.
    channel.stdin.on('error', () => undefined);
    channel.onStderr((bytes) => {
      if (this.#passOn) return this.#passOn(bytes);
      this.#said += bytes.toString('latin1');
      this.#wake();
    });
    // Read too, or its end is never seen; only login scripts print before the supervisor starts.
    channel.onStdout((bytes) => this.#passOnStdout?.(bytes));
    void channel.closed.then((exitCode) => {
      this.#exitCode = exitCode;
      this.#closed = true;
      this.#wake();
    });
  }

  async next(): Promise<Event> {
    for (;;) {
      const text = this.#said.slice(this.#seen);
      if (text.includes(IS_ROOT)) return 'root';
      const at = text.indexOf(PASSWORD_PROMPT);
      if (at >= 0) {
        this.#seen += at + PASSWORD_PROMPT.length;
        return 'prompt';
      }
      if (this.#closed) {
        this.#deadline.clear();
        const said = this.#expired ? `sudo: no answer within ${SUDO_TIMEOUT_MS / 1000} s` : Buffer.from(this.#said, 'latin1').toString();
        return { said, lost: !this.#expired && this.#exitCode === undefined };
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  person<T>(answer: () => Promise<T>): Promise<T> {
    return this.#deadline.pausedDuring(answer);
  }

  answer(password: string): void {
    if (!this.#closed) this.#channel.stdin.write(`${password}\n`);
  }

  giveUp(error: unknown): never {
    this.#deadline.clear();
    this.#channel.destroy();
    throw error;
  }

  /** What is left of the channel: from here on it is the supervisor's. */
  channel(): Channel {
    this.#deadline.clear();
    const rest = Buffer.from(this.#said.slice(this.#said.indexOf(IS_ROOT) + IS_ROOT.length), 'latin1');
    const channel = this.#channel;
    return {
      stdin: channel.stdin,
      closed: channel.closed,
      destroy: () => channel.destroy(),
      onStdout: (listener) => void (this.#passOnStdout = listener),
      onStderr: (listener) => {
        if (rest.length > 0) listener(rest);
        this.#passOn = listener;
      },
    };
  }
}
