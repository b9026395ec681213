import type OpenAI from 'openai';
import { UserError } from '../../base/error.ts';
import type { DraftProgress } from '../drafter.ts';
import { withBackoff } from './backoff.ts';
import { systemClock, type ChatModel, type Clock, type Message, type Reply } from './chat.ts';
import { openClient } from './client.ts';
import { classify, longReply, type Server, type ServerNames } from './failure.ts';

export interface OpenAiOptions {
  /** Empty: the service of OpenAI (or OPENAI_BASE_URL). */
  readonly baseUrl: string;
  readonly model: string;
  /** Local servers need none. */
  readonly apiKey?: string | undefined;
  /** One answer from question to last word, 1 or more. */
  readonly timeoutMs: number;
  readonly clock?: Clock;
}

const NAMES: ServerNames = { url: 'kgent.model.baseUrl (KGENT_BASE_URL)', model: 'kgent.model.name (KGENT_MODEL)', key: 'KGENT_API_KEY', offers: 'chat completions' };

export const MAX_REPLY_CHARACTERS = 256 * 1024;

/** A model behind an OpenAI-compatible server (`/chat/completions`, streamed). */
export class OpenAiModel implements ChatModel {
  readonly name: string;
  readonly #client: OpenAI;
  readonly #server: Server;
  readonly #timeoutMs: number;
  readonly #clock: Clock;

  /** Throws UserError `bad-model-url`, `no-api-key` or `bad-api-key` when the options cannot work. */
  constructor(options: OpenAiOptions) {
    this.name = options.model;
    this.#timeoutMs = options.timeoutMs;
    this.#clock = options.clock ?? systemClock;
    ({ client: this.#client, server: this.#server } = openClient(options, NAMES));
  }

  chat(messages: readonly Message[], signal: AbortSignal, onProgress: (progress: DraftProgress) => void): Promise<Reply> {
    return withBackoff(() => this.#ask(messages, signal, onProgress), {
      clock: this.#clock,
      signal,
      classify: (error) => classify(error, this.#server),
      onProgress,
    });
  }

  async #ask(messages: readonly Message[], signal: AbortSignal, onProgress: (progress: DraftProgress) => void): Promise<Reply> {
    const ender = new AbortController();
    let timedOut = false;
    const end = (): void => ender.abort();
    signal.addEventListener('abort', end, { once: true });
    const stopClock = this.#clock.after(this.#timeoutMs, () => {
      timedOut = true;
      ender.abort();
    });
    try {
      return await this.#read(messages, ender.signal, onProgress);
    } catch (error) {
      signal.throwIfAborted();
      if (timedOut) throw this.#late();
      throw error;
    } finally {
      stopClock();
      signal.removeEventListener('abort', end);
      ender.abort();
    }
  }

  async #read(messages: readonly Message[], signal: AbortSignal, onProgress: (progress: DraftProgress) => void): Promise<Reply> {
    const { data: stream, response } = await this.#client.chat.completions
      .create({ model: this.name, messages: messages.map((m) => ({ ...m })), stream: true }, { signal })
      .withResponse();
    const type = response.headers.get('content-type') ?? '';
    if (/html|application\/json/i.test(type)) throw this.#noStream(type);
    let text = '';
    let finish: string | null = null;
    let refusal = '';
    for await (const chunk of stream) {
      const choice = chunk.choices?.[0];
      if (!choice) continue;
      finish = choice.finish_reason ?? finish;
      refusal += choice.delta?.refusal ?? '';
      const piece = choice.delta?.content;
      if (!piece) continue;
      text += piece;
      if (text.length > MAX_REPLY_CHARACTERS) throw new UserError('long-reply', longReply(this.#server));
      onProgress({ kind: 'delta', text: piece });
    }
    // The library ends the stream silently when it was aborted.
    signal.throwIfAborted();
    return this.#reply(text, finish, refusal);
  }

  #reply(text: string, finish: string | null, refusal: string): Reply {
    if (finish === 'content_filter' || (refusal && !text.trim())) {
      throw new UserError('model-refused', `${this.name} refused to answer${refusal ? `: ${refusal.slice(0, 400)}` : ' (content filter)'}. Put the description differently, or configure another model.`);
    }
    if (!text.trim()) {
      const why = finish === 'length' ? ' It reached its length limit before the first word of the answer; allow it more tokens.' : '';
      throw new UserError('empty-reply', `The reply of ${this.name} is empty.${why} Ask again, or configure another model.`);
    }
    return { text, cut: finish === 'length' };
  }

  #late(): UserError {
    return new UserError('model-timeout', `${this.name} at ${this.#server.url} did not finish its answer within ${this.#timeoutMs / 1000} s (setting kgent.model.timeoutSeconds).`);
  }

  #noStream(type: string): UserError {
    return new UserError(
      'no-model-server',
      `${this.#server.url} answers with ${type.split(';')[0] ?? type} and not with a stream of chat completions. Check the setting kgent.model.baseUrl (KGENT_BASE_URL); it usually ends in /v1.`,
    );
  }
}
