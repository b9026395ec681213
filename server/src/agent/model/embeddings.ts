import type OpenAI from 'openai';
import { UserError } from '../../base/error.ts';
import type { TextEmbedder } from '../../knowledge/index/text-embedder.ts';
import { withBackoff } from './backoff.ts';
import { systemClock, type Clock } from './chat.ts';
import { openClient } from './client.ts';
import { classify, type Server, type ServerNames } from './failure.ts';

export interface EmbeddingsOptions {
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey?: string | undefined;
  /** One request, 1 or more. */
  readonly timeoutMs: number;
  readonly clock?: Clock;
}

const NAMES: ServerNames = { url: 'kgent.embeddings.baseUrl (KGENT_EMBEDDINGS_BASE_URL)', model: 'kgent.embeddings.model (KGENT_EMBEDDINGS_MODEL)', key: 'KGENT_API_KEY', offers: 'embeddings' };
/** Numbers of one vector at most; the largest models give 4,096. */
const MAX_DIMENSIONS = 8_192;

/** An embedder behind an OpenAI-compatible server (`/embeddings`). */
export class OpenAiEmbeddings implements TextEmbedder {
  readonly name: string;
  readonly #client: OpenAI;
  readonly #server: Server;
  readonly #options: EmbeddingsOptions;

  /** Throws UserError `bad-model-url`, `no-api-key` or `bad-api-key` when the options cannot work. */
  constructor(options: EmbeddingsOptions) {
    this.#options = options;
    ({ client: this.#client, server: this.#server } = openClient(options, NAMES));
    this.name = `${options.model} at ${this.#server.url}`;
  }

  async embed(texts: readonly string[], signal: AbortSignal, onWaiting: (reason: string) => void = () => {}): Promise<readonly Float32Array[]> {
    const clock = this.#options.clock ?? systemClock;
    return withBackoff(() => this.#ask(texts, signal, clock), {
      clock,
      signal,
      classify: (error) => classify(error, this.#server),
      onProgress: (progress) => void (progress.kind === 'waiting' && onWaiting(progress.reason)),
    });
  }

  async #ask(texts: readonly string[], signal: AbortSignal, clock: Clock): Promise<readonly Float32Array[]> {
    const ender = new AbortController();
    const end = (): void => ender.abort();
    signal.addEventListener('abort', end, { once: true });
    let late = false;
    const stopClock = clock.after(this.#options.timeoutMs, () => {
      late = true;
      end();
    });
    try {
      // Said outright: without it the library takes for base64 what a server sends as numbers.
      const { data } = await this.#client.embeddings.create({ model: this.#options.model, input: [...texts], encoding_format: 'base64' }, { signal: ender.signal });
      return this.#vectors(data, texts.length);
    } catch (error) {
      signal.throwIfAborted();
      if (late) throw new UserError('model-timeout', `${this.name} did not answer within ${this.#options.timeoutMs / 1000} s (setting kgent.model.timeoutSeconds).`);
      throw error;
    } finally {
      stopClock();
      signal.removeEventListener('abort', end);
    }
  }

  /** In the order of the texts, whatever the order of the answer is. */
  #vectors(data: unknown, count: number): Float32Array[] {
    const vectors: (Float32Array | undefined)[] = Array.from({ length: count });
    if (!Array.isArray(data) || data.length !== count) throw this.#wrong(`${Array.isArray(data) ? data.length : 'no'} vectors for ${count} texts`);
    for (const [i, entry] of (data as { index?: unknown; embedding?: unknown }[]).entries()) vectors[typeof entry?.index === 'number' ? entry.index : i] = numbersOf(entry?.embedding);
    const dimensions = vectors[0]?.length ?? 0;
    return vectors.map((vector) => {
      if (!vector || vector.length !== dimensions || dimensions < 1 || dimensions > MAX_DIMENSIONS || !vector.every(Number.isFinite)) throw this.#wrong('what is no vector, or vectors of several lengths');
      return vector;
    });
  }

  #wrong(what: string): UserError {
    return new UserError('bad-reply', `${this.name} answers with ${what}. Check that the setting ${NAMES.model} names a model for embeddings.`);
  }
}

/** Base64 of 32-bit numbers, or the numbers themselves where a server does not know base64. */
function numbersOf(embedding: unknown): Float32Array | undefined {
  if (Array.isArray(embedding)) return Float32Array.from(embedding as number[]);
  if (typeof embedding !== 'string') return undefined;
  const bytes = Buffer.from(embedding, 'base64');
  return bytes.length % 4 === 0 ? Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i)) : undefined;
}
