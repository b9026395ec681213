import { startWorker } from '../../../base/worker.ts';
import type { FromThread, ToThread } from './messages.ts';

/** Characters handed over in one turn: copying them takes a few milliseconds. */
const PIECE = 2 * 1024 * 1024;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that reads logs: one of 50 MB takes seconds, during which this thread has other things to do. */
export class LogThread {
  readonly #worker = startWorker(import.meta.url, './thread.ts', 'log-thread');
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  #ended: Error | undefined;

  /** `failed` hears of it when the thread ends by a fault of its own. */
  constructor(failed?: (error: Error) => void) {
    this.#worker.on('message', (said: FromThread) => {
      const waiting = this.#waiting.get(said.call);
      this.#waiting.delete(said.call);
      if ('error' in said) waiting?.reject(new Error(said.error));
      else waiting?.resolve(said.value);
    });
    this.#worker.on('error', (error: Error) => {
      this.end(error);
      failed?.(error);
    });
    this.#worker.unref();
  }

  /** Hands a log over, in portions. */
  async send(id: string, text: string): Promise<void> {
    for (let at = 0; at < text.length && !this.#ended; at += PIECE) {
      this.tell({ kind: 'text', id, piece: text.slice(at, at + PIECE) });
      // Others have a turn.
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
  }

  tell(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  /** Rejects when the thread ends before it answers. */
  ask(message: (call: number) => ToThread): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended);
    const call = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      // A question keeps the process alive until it is answered.
      this.#worker.ref();
      this.tell(message(call));
    }).finally(() => {
      if (this.#waiting.size === 0) this.#worker.unref();
    });
  }

  /** Ends the thread, whatever it is doing. */
  end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
    void this.#worker.terminate();
  }
}
