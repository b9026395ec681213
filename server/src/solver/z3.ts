import type { Worker } from 'node:worker_threads';
import { startWorker } from '../base/worker.ts';
import { SmtPrinter } from '../contracts/smt/print.ts';
import { readAnswer, type Answer as Output } from '../contracts/smt/read.ts';
import type { Sort } from '../contracts/terms/term.ts';
import type { FromSolverThread, SolverThreadData, ToSolverThread } from './messages.ts';
import type { Answer, NoAnswer, Question, SolveOptions, Solver } from './solver.ts';

/** Steps of Z3 (its `rlimit`) in a millisecond, about: 1,600 to 5,200 were measured on questions of several kinds. It stops by itself then. */
const STEPS_PER_MS = 6_000;
/** Without arrays: one formula of bits, at once. Half of the time of Z3's own choice (measured on the questions of the pairs), which simplifies more than pays here. */
const BITS = '(then simplify propagate-values solve-eqs bit-blast (using-params sat :simplify.delay 100000))';
/** Milliseconds after its time at which a thread that did not stop by itself is ended. */
const GRACE_MS = 1_000;
/** Milliseconds for the thread to load Z3. */
const START_MS = 30_000;
const MEMORY_MB = 1_024;

const unknown = (reason: NoAnswer, detail: string): Answer => ({ kind: 'unknown', reason, detail });

/** Z3 in a thread of its own, which is started with the first question, and anew when it was ended. It keeps no process alive while it is idle. */
export class Z3Solver implements Solver {
  readonly #memoryMb: number;
  #running: Promise<unknown> = Promise.resolve();
  #thread: Thread | undefined;

  constructor({ memoryMb = MEMORY_MB }: { readonly memoryMb?: number } = {}) {
    this.#memoryMb = memoryMb;
  }

  solve(question: Question, options: SolveOptions): Promise<Answer> {
    const answer = this.#running.then(() => this.#solve(question, options));
    this.#running = answer;
    return answer;
  }

  /** Starts the thread before there is a question. */
  async warm(): Promise<void> {
    await this.#started();
  }

  async dispose(): Promise<void> {
    await this.#thread?.end(unknown('killed', 'the solver was ended'));
  }

  async #solve({ claims, inputs }: Question, { timeoutMs, signal }: SolveOptions): Promise<Answer> {
    if (signal?.aborted) return cancelled();
    const thread = await this.#started();
    if (thread.ended) return thread.ended;
    if (signal?.aborted) return cancelled();
    const printer = new SmtPrinter();
    const refs = claims.map((claim) => `(assert ${printer.ref(claim)})`);
    const asked = inputs.map((input): readonly [string, Sort, string] => [input.name ?? '', input.sort, printer.ref(input)]);
    const definitions = printer.definitions();
    const text = [
      `(set-option :rlimit ${Math.max(1, Math.round(timeoutMs * STEPS_PER_MS))})`,
      '(set-logic QF_ABV)',
      definitions,
      ...refs,
      definitions.includes('(Array ') ? '(check-sat)' : `(check-sat-using ${BITS})`,
      ...(asked.length > 0 ? [`(get-value (${asked.map(([, , ref]) => ref).join(' ')}))`] : []),
      '(get-info :reason-unknown)',
    ].join('\n');
    const output = await thread.ask(text, timeoutMs + GRACE_MS, signal);
    return typeof output === 'string' ? answerOf(readAnswer(output, asked.map(([name, sort]) => [name, sort]))) : output;
  }

  async #started(): Promise<Thread> {
    if (!this.#thread || this.#thread.ended) this.#thread = new Thread({ memoryMb: this.#memoryMb });
    await this.#thread.ready;
    return this.#thread;
  }
}

function cancelled(): Answer {
  return unknown('killed', 'cancelled');
}

function answerOf(output: Output): Answer {
  if (output.kind === 'sat') return { kind: 'sat', values: output.model };
  if (output.kind === 'unsat') return output;
  if (output.kind === 'failed') return unknown('crashed', output.message === '' ? 'the solver gave no answer' : output.message);
  return /cancel|timeout|resource/.test(output.reason) ? unknown('time-out', output.reason) : unknown('incomplete', output.reason);
}

/** A thread from its start to its end; answers one question at a time. */
class Thread {
  readonly ready: Promise<void>;
  /** What questions are answered with once it has ended. */
  ended: Answer | undefined;
  readonly #worker: Worker;
  #answer: ((output: string | Answer) => void) | undefined;

  constructor(data: SolverThreadData) {
    this.#worker = startWorker(import.meta.url, './thread.ts', 'solver-thread', data);
    this.ready = new Promise((resolve) => {
      const timer = setTimeout(() => void this.end(unknown('crashed', `the solver did not start within ${START_MS / 1_000} seconds`)), START_MS);
      const started = (): void => {
        clearTimeout(timer);
        this.#worker.unref();
        resolve();
      };
      this.#worker.on('message', (message: FromSolverThread) => (message.kind === 'ready' ? started() : this.#told(message)));
      this.#worker.on('error', (error) => void this.end(unknown('crashed', error.message)));
      this.#worker.on('exit', () => {
        void this.end(unknown('crashed', 'the thread of the solver ended'));
        started();
      });
    });
  }

  /** One of the limits of time, memory and patience ends the thread: only so is Z3 stopped for sure. */
  async ask(text: string, limitMs: number, signal: AbortSignal | undefined): Promise<string | Answer> {
    const abort = (): void => void this.end(cancelled());
    const timer = setTimeout(() => void this.end(unknown('time-out', `no answer in ${limitMs} ms`)), limitMs);
    signal?.addEventListener('abort', abort, { once: true });
    this.#worker.ref();
    try {
      return await new Promise<string | Answer>((resolve) => {
        this.#answer = resolve;
        this.#worker.postMessage({ text } satisfies ToSolverThread);
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      this.#worker.unref();
    }
  }

  async end(why: Answer): Promise<void> {
    if (this.ended) return;
    this.ended = why;
    this.#answer?.(why);
    await this.#worker.terminate();
  }

  #told(message: Exclude<FromSolverThread, { kind: 'ready' }>): void {
    if (message.kind === 'output') this.#answer?.(message.output);
    else void this.end(message.memory ? unknown('killed', 'the solver used more memory than it may') : unknown('crashed', message.message));
  }
}
