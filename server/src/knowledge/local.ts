import { coverageOf, vocabularyOf, type Vocabulary } from './coverage.ts';
import { Embedder } from './embed.ts';
import type { Indexed } from './index-of.ts';
import type { Item } from './items.ts';
import { bestOf, LexicalSearch } from './lexical.ts';
import type { Example, ItemKind, Knowledge, SearchHit } from './knowledge.ts';
import type { Spec } from './schema.ts';
import { byScore, cosine, type Neighbour, type VectorIndex, type Vectors } from './vector-index.ts';
import type { Word } from './words.ts';

export interface Records {
  readonly specs: readonly Spec[];
  readonly examples: readonly Example[];
}

const MAX_K = 1_000;
/** Items looked at more closely, by nearness and by words each: several times as many as are wanted, for the order changes. */
const MIN_CANDIDATES = 200;
/** Names are looked for in the beginning of a query only. */
const MAX_NAMED_CHARACTERS = 2_000;
/** What makes an item answer a question, and how much each counts: best on the questions it was tuned with. */
const WEIGHTS = { near: 1, named: 0.5, coverage: 1 } as const;
const ALL_WEIGHTS = WEIGHTS.near + WEIGHTS.named + WEIGHTS.coverage;
/** A word that every item has tells next to nothing, but not less than nothing. */
const MIN_IDF = 0.1;

/** A question as it is compared with items. */
interface Question {
  readonly words: readonly Word[];
  readonly vector: Float32Array;
  /** Items that have its words, with the share of it that they have. */
  readonly named: ReadonlyMap<number, number>;
}

/** The memory over an index: the vectors find what is near, the words what is named; of those comes first what is both and covers the question. */
export class LocalKnowledge implements Knowledge {
  readonly #items: readonly Item[];
  readonly #embedder: Embedder;
  readonly #index: VectorIndex;
  readonly #vectors: Vectors;
  readonly #lexical: LexicalSearch;
  readonly #examples: ReadonlyMap<string, Example>;
  readonly #specs: ReadonlyMap<string, Spec>;
  /** Items by what one would type to name them; ids may be shared by items of different kinds. */
  readonly #byName: ReadonlyMap<string, readonly number[]>;
  readonly #exampleItems: ReadonlyMap<string, Item>;
  readonly #vocabularies = new Map<Item, Vocabulary>();

  constructor(records: Records, items: readonly Item[], { vectors, model, lexical }: Indexed, index: VectorIndex) {
    this.#items = items;
    this.#embedder = new Embedder(model);
    this.#index = index;
    this.#vectors = vectors;
    this.#lexical = new LexicalSearch(lexical);
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
    const wanted = (label: number): boolean => options.kinds?.includes(this.#item(label).kind) ?? true;
    const question = this.#question(query);
    const called = new Set(this.#called(query).filter(wanted));
    const count = Math.max(k * 3, MIN_CANDIDATES);
    const found = k === 0 ? [] : [...this.#near(question, count, wanted), ...bestOf(question.named, count, wanted)].map(({ label }) => label);
    const scored = [...new Set([...called, ...found])].map((label) => ({ label, score: called.has(label) ? 1 : this.#score(question, label) }));
    const best = scored.filter((hit) => hit.score > 0).sort(byScore).slice(0, k);
    return Promise.resolve(best.map(({ label, score }) => {
      const { id, kind, summary } = this.#item(label);
      return { id, kind, score, summary };
    }));
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

  #question(query: string): Question {
    const words = this.#embedder.questionWords(query);
    const named = this.#lexical.scores(this.#embedder.questionTerms(words), (term) => Math.max(this.#embedder.idf(`w:${term}`), MIN_IDF));
    return { words, vector: this.#embedder.query(query), named };
  }

  /** Nothing is near to a question without a known word. */
  #near({ vector }: Question, count: number, wanted: (label: number) => boolean): readonly Neighbour[] {
    return vector.every((x) => x === 0) ? [] : this.#index.search(vector, count, wanted);
  }

  #score({ words, vector, named }: Question, label: number): number {
    const near = Math.max(cosine(vector, this.#vectors, label), 0);
    const coverage = this.#coverage(words, this.#item(label));
    return (WEIGHTS.near * near + WEIGHTS.named * (named.get(label) ?? 0) + WEIGHTS.coverage * coverage) / ALL_WEIGHTS;
  }

  /** Items the query calls by name: an identifier among its words, or a name that is the whole query. */
  #called(query: string): readonly number[] {
    const text = query.slice(0, MAX_NAMED_CHARACTERS).trim();
    const identifiers = text.split(/[\s,;"'`]+|[?!.]+(?=\s|$)/).filter((word) => /[:_/]|\(\)$/.test(word));
    return [text, ...identifiers].flatMap((name) => this.#byName.get(nameOf(name)) ?? []);
  }

  #coverage(words: readonly Word[], item: Item): number {
    let vocabulary = this.#vocabularies.get(item);
    if (!vocabulary) this.#vocabularies.set(item, (vocabulary = vocabularyOf(item.about)));
    const telling = (feature: string): number | undefined => (this.#embedder.knows(feature) ? this.#embedder.idf(feature) : undefined);
    return coverageOf(words, vocabulary, telling, this.#embedder.idf(''));
  }

  #item(label: number): Item {
    const item = this.#items[label];
    if (!item) throw new Error(`No item has the vector ${label}`);
    return item;
  }
}

function byName(items: readonly Item[]): Map<string, number[]> {
  const named = new Map<string, number[]>();
  for (const [label, item] of items.entries()) {
    const name = nameOf(item.id);
    const same = named.get(name);
    if (same) same.push(label);
    else named.set(name, [label]);
  }
  return named;
}

/** `count()` is also called `count`, and nobody minds capitals. */
function nameOf(id: string): string {
  return id.toLowerCase().replace(/\(\)$/, '');
}
