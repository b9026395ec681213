import { coverageOf, vocabularyOf, type Vocabulary } from './coverage.ts';
import { Embedder } from './embed.ts';
import { ownersOf, type Embedded } from './embed-items.ts';
import type { Item } from './items.ts';
import type { Example, ItemKind, Knowledge, SearchHit } from './knowledge.ts';
import type { Spec } from './schema.ts';
import type { VectorIndex } from './vector-index.ts';
import type { Word } from './words.ts';

export interface Records {
  readonly specs: readonly Spec[];
  readonly examples: readonly Example[];
}

const MAX_K = 1_000;
/** Items looked at more closely: several times as many as are wanted, for the order changes. */
const MIN_CANDIDATES = 64;
/** Names are looked for in the beginning of a query only. */
const MAX_NAMED_CHARACTERS = 2_000;
/** How much covering the question counts against being near to it; best on the questions it was tuned with. */
const COVERAGE_WEIGHT = 2;

/** The memory over an index. The index finds what is near, then what covers the question comes first. */
export class LocalKnowledge implements Knowledge {
  readonly #items: readonly Item[];
  readonly #owners: Uint32Array;
  readonly #embedder: Embedder;
  readonly #index: VectorIndex;
  readonly #vectors: number;
  readonly #examples: ReadonlyMap<string, Example>;
  readonly #specs: ReadonlyMap<string, Spec>;
  /** Items by what one would type to name them; ids may be shared by items of different kinds. */
  readonly #byName: ReadonlyMap<string, readonly Item[]>;
  readonly #exampleItems: ReadonlyMap<string, Item>;
  readonly #vocabularies = new Map<Item, Vocabulary>();

  constructor(records: Records, items: readonly Item[], { vectors, model }: Embedded, index: VectorIndex) {
    this.#items = items;
    this.#owners = ownersOf(items);
    this.#embedder = new Embedder(model);
    this.#index = index;
    this.#vectors = vectors.count;
    this.#examples = new Map(records.examples.map((e) => [e.id, e]));
    this.#specs = new Map(records.specs.map((s) => [s.id, s]));
    this.#byName = byName(items);
    this.#exampleItems = new Map(items.filter((i) => i.kind === 'example').map((i) => [i.id, i]));
  }

  get index(): 'hnsw' | 'exact' {
    return this.#index.kind;
  }

  search(query: string, options: { k: number; kinds?: readonly ItemKind[] }): Promise<readonly SearchHit[]> {
    const k = Math.min(Math.max(Math.floor(options.k) || 0, 0), MAX_K);
    const vector = this.#embedder.query(query);
    const named = this.#named(query, options.kinds);
    if (k === 0 || (named.size === 0 && vector.every((x) => x === 0))) return Promise.resolve([]);
    const words = this.#embedder.questionWords(query);
    const near = this.#nearest(vector, Math.max(k * 3, MIN_CANDIDATES), options.kinds);
    for (const item of named) near.set(item, 1);
    const hits = [...near].map(([item, cosine]) => {
      const coverage = named.has(item) ? 1 : this.#coverage(words, item);
      return { item, score: (cosine + COVERAGE_WEIGHT * coverage) / (1 + COVERAGE_WEIGHT) };
    });
    hits.sort((a, b) => b.score - a.score);
    return Promise.resolve(hits.slice(0, k).map(({ item: { id, kind, summary }, score }) => ({ id, kind, score, summary })));
  }

  coverage(query: string, exampleId: string): number {
    const item = this.#exampleItems.get(exampleId);
    return item ? this.#coverage(this.#embedder.questionWords(query), item) : 0;
  }

  example(id: string): Example | undefined {
    return this.#examples.get(id);
  }

  spec(id: string): Readonly<Record<string, unknown>> | undefined {
    return this.#specs.get(id);
  }

  /** Items the query calls by name: an identifier among its words, or a name that is the whole query. */
  #named(query: string, kinds: readonly ItemKind[] | undefined): Set<Item> {
    const text = query.slice(0, MAX_NAMED_CHARACTERS).trim();
    const identifiers = text.split(/[\s,;"'`]+|[?!.]+(?=\s|$)/).filter((word) => /[:_/]|\(\)$/.test(word));
    const names = [text, ...identifiers].map(nameOf);
    return new Set(names.flatMap((name) => this.#byName.get(name) ?? []).filter((item) => kinds?.includes(item.kind) ?? true));
  }

  /** At least `count` items if there are so many, nearest first, each with the cosine of its best vector. */
  #nearest(vector: Float32Array, count: number, kinds: readonly ItemKind[] | undefined): Map<Item, number> {
    const wanted = kinds && ((label: number): boolean => kinds.includes(this.#owner(label).kind));
    // Several vectors belong to one item: ask for more until there are enough items.
    for (let most = count * 4; ; most *= 4) {
      const neighbours = this.#index.search(vector, most, wanted);
      const items = new Map<Item, number>();
      for (const { label, score } of neighbours) {
        const item = this.#owner(label);
        if (score > 0 && !items.has(item)) items.set(item, score);
      }
      if (items.size >= count || neighbours.length < most || most >= this.#vectors) return items;
    }
  }

  #coverage(words: readonly Word[], item: Item): number {
    let vocabulary = this.#vocabularies.get(item);
    if (!vocabulary) this.#vocabularies.set(item, (vocabulary = vocabularyOf(item.about)));
    const telling = (feature: string): number | undefined => (this.#embedder.knows(feature) ? this.#embedder.idf(feature) : undefined);
    return coverageOf(words, vocabulary, telling, this.#embedder.idf(''));
  }

  #owner(label: number): Item {
    const item = this.#items[this.#owners[label] ?? -1];
    if (!item) throw new Error(`No item has the vector ${label}`);
    return item;
  }
}

function byName(items: readonly Item[]): Map<string, Item[]> {
  const named = new Map<string, Item[]>();
  for (const item of items) {
    const name = nameOf(item.id);
    const same = named.get(name);
    if (same) same.push(item);
    else named.set(name, [item]);
  }
  return named;
}

/** `count()` is also called `count`, and nobody minds capitals. */
function nameOf(id: string): string {
  return id.toLowerCase().replace(/\(\)$/, '');
}
