import type { ItemKind, Knowledge, Example, SearchHit } from '../knowledge.ts';
import type { LocalKnowledge } from '../local.ts';
import { describeError } from '../../base/error.ts';
import { normalized } from '../vector-index.ts';

/** Something else than the local embedder that makes vectors of texts: a server. */
export interface TextEmbedder {
  /** Tells its vectors from all others. */
  readonly name: string;
  /** A vector a text, all of the same length. Throws UserError when there are none to be had, and the signal's reason when aborted. */
  embed(texts: readonly string[], signal: AbortSignal, onWaiting?: (reason: string) => void): Promise<readonly Float32Array[]>;
}

/** Milliseconds a question may wait for its vector. */
const QUESTION_MS = 5_000;
/** After a failure the local embedder answers alone for so long: nobody should wait at each question. */
const REST_MS = 60_000;

/** Searches by vectors of a server; while that fails, by the local ones, and says so. */
export class EmbeddedKnowledge implements Knowledge {
  readonly index: Knowledge['index'];
  readonly #embedder: TextEmbedder;
  readonly #dimensions: number;
  readonly #by: LocalKnowledge;
  readonly #local: LocalKnowledge;
  readonly #tell: (message: string) => void;
  #restUntil = 0;

  /** `by`: what has the server's vectors, of so many dimensions. */
  constructor(options: { embedder: TextEmbedder; dimensions: number; by: LocalKnowledge; local: LocalKnowledge; tell: (message: string) => void }) {
    this.#embedder = options.embedder;
    this.#dimensions = options.dimensions;
    this.#by = options.by;
    this.#local = options.local;
    this.#tell = options.tell;
    this.index = options.by.index;
  }

  async search(query: string, options: { k: number; kinds?: readonly ItemKind[] }): Promise<readonly SearchHit[]> {
    const vector = query.trim() === '' ? undefined : await this.#vector(query);
    return vector ? this.#by.search(query, { ...options, vector }) : this.#local.search(query, options);
  }

  coverage(query: string, exampleId: string): number {
    return this.#local.coverage(query, exampleId);
  }

  example(id: string): Example | undefined {
    return this.#local.example(id);
  }

  spec(id: string): Readonly<Record<string, unknown>> | undefined {
    return this.#local.spec(id);
  }

  async #vector(query: string): Promise<Float32Array | undefined> {
    if (performance.now() < this.#restUntil) return undefined;
    try {
      const [vector] = await this.#embedder.embed([query.slice(0, MAX_TEXT)], AbortSignal.timeout(QUESTION_MS));
      if (vector?.length === this.#dimensions) return normalized(vector);
      throw new Error(`its vectors now have ${vector?.length ?? 0} numbers and not ${this.#dimensions}: build the index again (kgent index)`);
    } catch (error) {
      this.#restUntil = performance.now() + REST_MS;
      this.#tell(`The search goes on with the local embedder: ${this.#embedder.name}: ${describeError(error)}`);
      return undefined;
    }
  }
}

/** Characters of one text: models take 512 tokens and more. */
export const MAX_TEXT = 1_500;
