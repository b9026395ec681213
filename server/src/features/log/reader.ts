import { LogThread } from '../../checks/load/thread/log-thread.ts';
import type { Answer, Opened, Question, ToThread } from '../../checks/load/thread/messages.ts';

/** A log to read, and the source it is about. */
export interface ReadableLog {
  readonly id: string;
  readonly text: string;
  readonly source: string;
  readonly object?: Uint8Array | undefined;
}

/** Logs that stay read; one of 50 MB takes some hundred MB so. */
const MAX_OPEN = 2;

/** Reads logs in a thread and asks them there. The thread begins with the first log and ends when none is open. */
export class LogReader {
  #thread: LogThread | undefined;
  /** The latest used last. */
  readonly #open = new Map<string, Promise<Opened>>();

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
    return (await this.#started().ask((call): ToThread => ({ kind: 'ask', id: log.id, call, question }))) as Answer<Q>;
  }

  close(id: string): void {
    if (!this.#open.delete(id)) return;
    this.#thread?.tell({ kind: 'close', id });
    if (this.#open.size === 0) this.#end(new Error('The log was closed.'));
  }

  dispose(): void {
    this.#end(new Error('The log was closed.'));
  }

  async #read({ id, text, source, object }: ReadableLog): Promise<Opened> {
    const thread = this.#started();
    await thread.send(id, text);
    return (await thread.ask((call) => ({ kind: 'open', id, call, source, ...(object ? { object } : {}) }))) as Opened;
  }

  #started(): LogThread {
    this.#thread ??= new LogThread((error) => this.#end(error));
    return this.#thread;
  }

  #end(error: Error): void {
    const thread = this.#thread;
    this.#thread = undefined;
    this.#open.clear();
    thread?.end(error);
  }
}
