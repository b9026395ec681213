import { Worker } from 'node:worker_threads';
import type { Answer, FromThread, Opened, Question, ToThread } from './thread-messages.ts';

/** A log to read, and the source it is about. */
export interface ReadableLog {
  readonly id: string;
  readonly text: string;
  readonly source: string;
  readonly object?: Uint8Array | undefined;
}

/** Characters handed over in one turn: copying them takes a few milliseconds. */
const PIECE = 2 * 1024 * 1024;
/** Logs that stay read; one of 50 MB takes some hundred MB so. */
const MAX_OPEN = 2;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Reads logs in a thread and asks them there. The thread begins with the first log and ends when none is open. */
export class LogReader {
  #thread: Worker | undefined;
  /** The latest used last. */
  readonly #open = new Map<string, Promise<Opened>>();
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;

  /** Rejects when the thread fails. */
  open(log: ReadableLog): Promise<Opened> {
    const known = this.#open.get(log.id);
    const opened = known ?? this.#read(log);
    this.#open.delete(log.id);
    this.#open.set(log.id, opened);
    for (const id of this.#open.keys()) if (this.#open.size > MAX_OPEN) this.close(id);
    return opened;
  }

  async ask<Q extends Question>(log: ReadableLog, question: Q): Promise<Answer<Q>> {
    await this.open(log);
    return (await this.#call((call) => ({ kind: 'ask', id: log.id, call, question }))) as Answer<Q>;
  }

  close(id: string): void {
    if (!this.#open.delete(id)) return;
    this.#thread?.postMessage({ kind: 'close', id } satisfies ToThread);
    if (this.#open.size === 0) this.#end(new Error('The log was closed.'));
  }

  dispose(): void {
    this.#end(new Error('The log was closed.'));
  }

  async #read({ id, text, source, object }: ReadableLog): Promise<Opened> {
    const thread = this.#started();
    for (let at = 0; at < text.length; at += PIECE) {
      thread.postMessage({ kind: 'text', id, piece: text.slice(at, at + PIECE) } satisfies ToThread);
      // Others have a turn.
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    return (await this.#call((call) => ({ kind: 'open', id, call, source, ...(object ? { object } : {}) }))) as Opened;
  }

  #call(message: (call: number) => ToThread): Promise<unknown> {
    const call = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      this.#started().postMessage(message(call));
    });
  }

  #started(): Worker {
    if (this.#thread) return this.#thread;
    const thread = startThread();
    this.#thread = thread;
    thread.on('message', (said: FromThread) => {
      const waiting = this.#waiting.get(said.call);
      this.#waiting.delete(said.call);
      if ('error' in said) waiting?.reject(new Error(said.error));
      else waiting?.resolve(said.value);
    });
    thread.on('error', (error: Error) => {
      if (this.#thread === thread) this.#end(error);
    });
    thread.unref();
    return thread;
  }

  #end(error: Error): void {
    const thread = this.#thread;
    this.#thread = undefined;
    this.#open.clear();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    void thread?.terminate();
  }
}

/** The thread is a bundle of its own; where this is a source file, so is the thread, which needs a loader then. */
function startThread(): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./log-thread.js', import.meta.url));
  const source = new URL('./thread.ts', import.meta.url).href;
  return new Worker(`import('tsx/esm/api').then(({ tsImport }) => tsImport(${JSON.stringify(source)}, ${JSON.stringify(source)}))`, { eval: true });
}
