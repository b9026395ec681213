import type { Embedder } from './embed.ts';
import type { Example, ItemKind, Knowledge, SearchHit } from './knowledge.ts';
import { PartSearch, type Part } from './part.ts';
import type { Spec } from './schema.ts';

export interface Records {
  readonly specs: readonly Spec[];
  readonly examples: readonly Example[];
}

const MAX_K = 1_000;

/** The memory: what comes with Kgent, and beside it what a kernel has that nobody described. */
export class LocalKnowledge implements Knowledge {
  readonly index: 'hnsw' | 'exact';
  readonly #embedder: Embedder;
  readonly #parts: readonly PartSearch[];
  readonly #own: PartSearch;
  readonly #examples: ReadonlyMap<string, { readonly example: Example; readonly label: number }>;
  readonly #specs: ReadonlyMap<string, Spec>;

  /** The items of `own` are the records' specs, then their examples. */
  constructor(records: Records, embedder: Embedder, own: Part, others: readonly Part[] = []) {
    this.index = own.index.kind;
    this.#embedder = embedder;
    this.#own = new PartSearch(own, embedder);
    this.#parts = [this.#own, ...others.map((part) => new PartSearch(part, embedder))];
    this.#examples = new Map(records.examples.map((example, i) => [example.id, { example, label: records.specs.length + i }]));
    this.#specs = new Map(records.specs.map((s) => [s.id, s]));
  }

  search(query: string, options: { k: number; kinds?: readonly ItemKind[] }): Promise<readonly SearchHit[]> {
    const k = Math.min(Math.max(Math.floor(options.k) || 0, 0), MAX_K);
    if (k === 0) return Promise.resolve([]);
    const question = { text: query, words: this.#embedder.questionWords(query), vector: this.#embedder.query(query) };
    const hits = this.#parts.flatMap((part) => part.search(question, k, options.kinds));
    return Promise.resolve(hits.sort((a, b) => b.score - a.score).slice(0, k));
  }

  coverage(query: string, exampleId: string): number {
    const label = this.#examples.get(exampleId)?.label;
    return label === undefined ? 0 : this.#own.coverage(this.#embedder.questionWords(query), label);
  }

  example(id: string): Example | undefined {
    return this.#examples.get(id)?.example;
  }

  spec(id: string): Readonly<Record<string, unknown>> | undefined {
    return this.#specs.get(id);
  }
}
