import type { Embedder } from './embed.ts';
import type { Example, ItemKind, Knowledge, SearchHit } from './knowledge.ts';
import type { Records } from './index/records.ts';
import { PartSearch, type Part } from './part.ts';

const MAX_K = 1_000;

/** The memory: what comes with Kgent, and beside it what a kernel has that nobody described. */
export class LocalKnowledge implements Knowledge {
  readonly index: 'hnsw' | 'exact';
  readonly #embedder: Embedder;
  readonly #parts: readonly PartSearch[];
  readonly #own: PartSearch;
  readonly #records: Records;

  /** The items of `own` are the records' specs, then their examples. */
  constructor(records: Records, embedder: Embedder, own: Part, others: readonly Part[] = []) {
    this.index = own.index.kind;
    this.#embedder = embedder;
    this.#own = new PartSearch(own, embedder);
    this.#parts = [this.#own, ...others.map((part) => new PartSearch(part, embedder))];
    this.#records = records;
  }

  /** `vector`: the question as another embedder sees it, by which the own part's vectors were made. */
  search(query: string, options: { k: number; kinds?: readonly ItemKind[]; vector?: Float32Array }): Promise<readonly SearchHit[]> {
    const k = Math.min(Math.max(Math.floor(options.k) || 0, 0), MAX_K);
    if (k === 0) return Promise.resolve([]);
    const question = { text: query, words: this.#embedder.questionWords(query), vector: this.#embedder.query(query) };
    const hits = this.#parts.flatMap((part) => part.search(part === this.#own && options.vector ? { ...question, vector: options.vector } : question, k, options.kinds));
    return Promise.resolve(hits.sort((a, b) => b.score - a.score).slice(0, k));
  }

  coverage(query: string, exampleId: string): number {
    const label = this.#records.labelOf(exampleId);
    return label === undefined ? 0 : this.#own.coverage(this.#embedder.questionWords(query), label);
  }

  example(id: string): Example | undefined {
    return this.#records.example(id);
  }

  spec(id: string): Readonly<Record<string, unknown>> | undefined {
    return this.#records.spec(id);
  }
}
