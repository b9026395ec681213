import { Deadline } from './deadline.ts';
import type { Channel } from './supervise.ts';

/** The channel closed before what was waited for. */
export interface Closed {
  /** What came on stderr and on stdout. */
  readonly said: string;
  readonly stdout: Buffer;
  /** Undefined when the channel ended without one: the connection is gone. */
  readonly exitCode: number | undefined;
  /** It was given up because nothing came in time. */
  readonly expired: boolean;
}

/**
 * A channel on which somebody else speaks first: sudo asks, a shell starts the supervisor's shell. Until they are done nothing of the
 * supervisor's text may be sent, or they would read it.
 */
export class Opening {
  readonly #channel: Channel;
  readonly #deadline: Deadline;
  #said = '';
  #stdout: Buffer[] = [];
  #seen = 0;
  #closed = false;
  #exitCode: number | undefined;
  #expired = false;
  #wake: () => void = () => undefined;
  #onStderr: ((bytes: Buffer) => void) | undefined;
  #onStdout: ((bytes: Buffer) => void) | undefined;

  /** Gives up after `limitMs`, not counting what a person needs. */
  constructor(channel: Channel, limitMs: number, signal: AbortSignal) {
    this.#channel = channel;
    this.#deadline = new Deadline(limitMs, () => {
      this.#expired = true;
      channel.destroy();
    });
    signal.addEventListener('abort', () => channel.destroy(), { once: true });
    if (signal.aborted) channel.destroy();
    // A dead far side shows in `closed`.
    channel.stdin.on('error', () => undefined);
    channel.onStderr((bytes) => {
      if (this.#onStderr) return this.#onStderr(bytes);
      this.#said += bytes.toString('latin1');
      this.#wake();
    });
    // Read too, or its end is never seen.
    channel.onStdout((bytes) => {
      if (this.#onStdout) this.#onStdout(bytes);
      else this.#stdout.push(bytes);
    });
    void channel.closed.then((exitCode) => {
      this.#exitCode = exitCode;
      this.#closed = true;
      this.#wake();
    });
  }

  /** The first of these marks that comes on stderr, each time it comes. */
  async next<Mark extends string>(marks: readonly Mark[]): Promise<Mark | Closed> {
    for (;;) {
      const text = this.#said.slice(this.#seen);
      const found = marks.map((mark) => ({ mark, at: text.indexOf(mark) })).filter(({ at }) => at >= 0);
      const [first] = found.toSorted((a, b) => a.at - b.at);
      if (first) {
        this.#seen += first.at + first.mark.length;
        return first.mark;
      }
      if (this.#closed) {
        this.#deadline.clear();
        return { said: Buffer.from(this.#said, 'latin1').toString(), stdout: Buffer.concat(this.#stdout), exitCode: this.#exitCode, expired: this.#expired };
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Waits for a person, who may take their time. */
  async person<T>(answer: () => Promise<T>): Promise<T> {
    try {
      return await this.#deadline.pausedDuring(answer);
    } catch (error) {
      this.#deadline.clear();
      this.#channel.destroy();
      throw error;
    }
  }

  send(line: string): void {
    if (!this.#closed) this.#channel.stdin.write(`${line}\n`);
  }

  /** What is left of the channel, behind the last mark: from here on it is the supervisor's. */
  channel(): Channel {
    this.#deadline.clear();
    const channel = this.#channel;
    return {
      stdin: channel.stdin,
      closed: channel.closed,
      destroy: () => channel.destroy(),
      pulse: channel.pulse,
      onStdout: (listener) => void (this.#onStdout = listener),
      onStderr: (listener) => {
        // What came since the last mark, up to this moment.
        if (this.#said.length > this.#seen) listener(Buffer.from(this.#said.slice(this.#seen), 'latin1'));
        this.#onStderr = listener;
      },
    };
  }
}
