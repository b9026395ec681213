import { StringDecoder } from 'node:string_decoder';
import type { Writable } from 'node:stream';
import { printable } from '../base/text.ts';
import type { ExecRequest, Execution, Failed, Outcome, Output } from './target.ts';
import { isRootRefused, needsRoot } from './root-failures.ts';
import { EXIT_MISSING, EXIT_NO_DIRECTORY, EXIT_NO_FILES, READY, supervisorInput, type Pulse } from './supervisor.ts';

/** The three streams of a started supervisor, and how it ended. */
export interface Channel {
  readonly stdin: Writable;
  onStdout(listener: (bytes: Buffer) => void): void;
  onStderr(listener: (bytes: Buffer) => void): void;
  /** The exit status; undefined when the channel closed without one. Never rejects. */
  readonly closed: Promise<number | undefined>;
  /** Gives the channel up at once. */
  destroy(): void;
  /** Wanted where the line may vanish without closing. */
  readonly pulse?: Pulse | undefined;
}

const DEFAULT_MAX_OUTPUT = 8 * 1024 * 1024;
const NUDGE_MS = 1000;
/** Time the far side has to end the group (TERM, 2 s, KILL) and clean up before we stop listening. */
const FAREWELL_MS = 10_000;

/**
 * Runs a request through a channel that `open` starts, and tells its outcome. The signal `open`
 * gets aborts when the request is cancelled or stopped before the channel is there.
 */
export function supervise(request: ExecRequest, open: (signal: AbortSignal) => Promise<Channel>): Execution {
  const control = new AbortController();
  let stop: (graceMs: number) => void = () => control.abort();
  const done = (async (): Promise<Outcome> => {
    const started = Date.now();
    const abort = (): void => control.abort();
    request.signal?.addEventListener('abort', abort, { once: true });
    if (request.signal?.aborted) abort();
    let channel: Channel | undefined;
    try {
      channel = await unlessAborted(control.signal, open);
    } catch (error) {
      return asFailed(error);
    } finally {
      request.signal?.removeEventListener('abort', abort);
    }
    if (!channel) return { kind: 'cancelled', stdout: '', stderr: '', truncated: false, ms: Date.now() - started };
    const session = new Session(request, channel, started);
    stop = (graceMs) => session.stop(graceMs);
    return session.outcome();
  })();
  return { done, stop: (graceMs) => stop(graceMs) };
}

/** What `open` gives, or undefined at once when the signal aborts; a channel that comes later is given up. */
async function unlessAborted(signal: AbortSignal, open: (signal: AbortSignal) => Promise<Channel>): Promise<Channel | undefined> {
  if (signal.aborted) return undefined;
  const opening = open(signal);
  const aborted = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
  const channel = await Promise.race([opening, aborted]);
  if (!signal.aborted) return channel;
  opening.then((late) => late.destroy(), () => undefined);
  return undefined;
}

/** The channel closed without a word about how the command ended. */
export const CONNECTION_LOST: Failed = {
  kind: 'failed',
  reason: 'connection-lost',
  message: 'The connection to the target was lost. What ran there is being ended; the next request connects again.',
};

/** Thrown by `open`: the reason the channel could not be had. */
export class OpenError extends Error {
  readonly failure: Failed;
  constructor(failure: Failed) {
    super(failure.message, { cause: failure.cause });
    this.failure = failure;
  }
}

function asFailed(error: unknown): Failed {
  if (error instanceof OpenError) return error.failure;
  return { kind: 'failed', reason: 'host', message: `The command could not be started: ${String(error)}`, cause: error };
}

class Session {
  readonly #request: ExecRequest;
  readonly #channel: Channel;
  readonly #started: number;
  readonly #stdout: Stream;
  readonly #stderr: Stream;
  #ending: 'cancelled' | 'timed-out' | undefined;
  #timers: NodeJS.Timeout[] = [];

  constructor(request: ExecRequest, channel: Channel, started: number) {
    this.#request = request;
    this.#channel = channel;
    this.#started = started;
    const max = request.maxOutputBytes ?? DEFAULT_MAX_OUTPUT;
    this.#stdout = new Stream(max, request.onStdout);
    this.#stderr = new Stream(max, request.onStderr);
  }

  /** SIGINT now; end of input, which means TERM and KILL, after the grace. */
  stop(graceMs: number): void {
    this.#write('stop\n');
    if (this.#request.nudge) this.#timers.push(setInterval(() => this.#write('nudge\n'), NUDGE_MS));
    this.#after(graceMs, () => this.#endInput());
  }

  async outcome(): Promise<Outcome> {
    const { signal, timeoutMs } = this.#request;
    this.#channel.onStdout((bytes) => this.#stdout.push(bytes));
    this.#channel.onStderr((bytes) => this.#stderr.push(bytes));
    // A dead far side shows in `closed`; errors of the pipe itself add nothing to it.
    this.#channel.stdin.on('error', () => undefined);
    this.#write(supervisorInput(this.#request, this.#channel.pulse));
    if (this.#channel.pulse) this.#beat(this.#channel.pulse);
    const abort = (): void => this.#end('cancelled');
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    this.#after(timeoutMs, () => this.#end('timed-out'));
    const exitCode = await this.#channel.closed;
    signal?.removeEventListener('abort', abort);
    // Intervals too: Node's clearTimeout takes either.
    for (const timer of this.#timers) clearTimeout(timer);
    this.#stdout.end();
    this.#stderr.end();
    return this.#judge(exitCode);
  }

  /** The first beat comes a while after the start, when the far side listens for it. */
  #beat({ everyMs }: Pulse): void {
    let isListening = false;
    const beat = (): void => {
      if (isListening) this.#write('beat\n');
      isListening = this.#stderr.ready;
    };
    this.#timers.push(setInterval(beat, everyMs));
  }

  #judge(exitCode: number | undefined): Outcome {
    const output: Output = {
      stdout: this.#stdout.text,
      stderr: this.#stderr.text,
      truncated: this.#stdout.truncated || this.#stderr.truncated,
      ms: Date.now() - this.#started,
    };
    if (this.#ending === 'cancelled') return { kind: 'cancelled', ...output };
    if (this.#ending === 'timed-out') return { kind: 'timed-out', afterMs: this.#request.timeoutMs, ...output };
    if (!this.#stderr.ready) return this.#notStarted(exitCode);
    if (exitCode === undefined) return CONNECTION_LOST;
    if (exitCode === EXIT_MISSING) return { kind: 'missing', tool: this.#request.argv[0] };
    return { kind: 'ran', exitCode, ...output };
  }

  /** The supervisor never said READY: sudo, the login shell (nologin says so on stdout) or the disk refused. */
  #notStarted(exitCode: number | undefined): Failed {
    const lines = `${this.#stdout.before}\n${this.#stderr.before}`.split('\n').map((line) => line.trim());
    const said = printable(lines.filter((line) => line !== '').slice(-3).join(' '));
    if (exitCode === undefined) return CONNECTION_LOST;
    if (exitCode === EXIT_NO_DIRECTORY) {
      return { kind: 'failed', reason: 'host', message: `No private directory could be made in /tmp on the target: ${said || 'it said nothing'}. Make room there (df -h /tmp; df -i /tmp), and let the user write to it.` };
    }
    if (exitCode === EXIT_NO_FILES) {
      return { kind: 'failed', reason: 'host', message: `The program could not be written to /tmp on the target: ${said || 'it arrived incomplete'}. Make room there: df -h /tmp` };
    }
    // `sudo: a password is required`, `dev may not run sudo on vm`, `exec: sudo: not found`.
    if (this.#request.asRoot === true && isRootRefused(this.#stderr.before)) return needsRoot(this.#stderr.before, false);
    return { kind: 'failed', reason: 'host', message: `The target's shell could not start the command (exit ${exitCode}): ${said || 'it said nothing'}` };
  }

  #end(how: 'cancelled' | 'timed-out'): void {
    this.#ending ??= how;
    this.#endInput();
  }

  #endInput(): void {
    this.#channel.stdin.end();
    this.#after(FAREWELL_MS, () => this.#channel.destroy());
  }

  #write(data: string | Buffer): void {
    if (!this.#channel.stdin.writableEnded) this.#channel.stdin.write(data);
  }

  #after(ms: number, action: () => void): void {
    this.#timers.push(setTimeout(action, ms));
  }
}

/** One output stream: skips what login scripts print, keeps at most `max` characters. */
class Stream {
  ready = false;
  /** What came before READY. */
  before = '';
  text = '';
  truncated = false;
  readonly #decoder = new StringDecoder('utf8');
  readonly #max: number;
  readonly #listener: ((text: string) => void) | undefined;

  constructor(max: number, listener: ((text: string) => void) | undefined) {
    this.#max = max;
    this.#listener = listener;
  }

  push(bytes: Buffer): void {
    this.#add(this.#decoder.write(bytes));
  }

  end(): void {
    this.#add(this.#decoder.end());
  }

  #add(text: string): void {
    if (this.ready) return this.#keep(text);
    this.before += text;
    const at = this.before.indexOf(READY);
    if (at >= 0) {
      this.ready = true;
      const rest = this.before.slice(at + READY.length);
      this.before = this.before.slice(0, at);
      this.#keep(rest);
    } else if (this.before.length > this.#max) {
      this.before = this.before.slice(-READY.length);
    }
  }

  #keep(text: string): void {
    if (text === '') return;
    const room = this.#max - this.text.length;
    if (text.length > room) this.truncated = true;
    if (room > 0) this.text += text.slice(0, room);
    this.#listener?.(text);
  }
}
