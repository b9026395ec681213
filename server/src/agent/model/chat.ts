import type { DraftProgress } from '../drafter.ts';

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface Reply {
  readonly text: string;
  /** The model stopped at its length limit: the end is missing. */
  readonly cut: boolean;
}

/** A language model behind whatever protocol. */
export interface ChatModel {
  readonly name: string;
  /**
   * One answer, streamed to `onProgress` as it arrives; after a `waiting` it starts anew. Throws UserError
   * when there is none to be had, and the signal's reason when aborted.
   */
  chat(messages: readonly Message[], signal: AbortSignal, onProgress: (progress: DraftProgress) => void): Promise<Reply>;
}

/** Time, as far as the model's client needs it: tests bring their own. */
export interface Clock {
  /** Calls back once after `ms` milliseconds unless the returned function is called first. */
  after(ms: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
