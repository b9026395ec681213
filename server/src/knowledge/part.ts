import { coverageOf, vocabularyOf, type Vocabulary } from './coverage.ts';
import type { Embedder } from './embed.ts';
import { nameOf, type FoundItem, type ItemTable } from './index/item-table.ts';
import { bestOf, LexicalSearch, type LexicalIndex } from './lexical.ts';
import type { ItemKind, SearchHit } from './knowledge.ts';
import { byScore, cosine, type Neighbour, type VectorIndex, type Vectors } from './vector-index.ts';
import type { Word } from './words.ts';

/** Items with what they are searched by, in the same order. */
export interface Part {
  readonly items: ItemTable;
  readonly vectors: Vectors;
  readonly lexical: LexicalIndex;
  readonly index: VectorIndex;
  /** What is taken from each score: of two that answer alike, the one that somebody described comes first. */
  readonly handicap: number;
}

/** The handicap of what is only known by its name and types; best on the questions it was tuned with. */
export const DERIVED_HANDICAP = 0.2;

/** A question as it is compared with items. */
export interface Question {
  readonly text: string;
  readonly words: readonly Word[];
  readonly vector: Float32Array;
  /** Ids of attach points that are known to answer what it seems to be about, and how surely, 0 to 1. */
  readonly hints: ReadonlyMap<string, number>;
}

/** Items looked at more closely, by nearness and by words each: several times as many as are wanted, for the order changes. */
const MIN_CANDIDATES = 200;
/** Names are looked for in the beginning of a question only. */
const MAX_NAMED_CHARACTERS = 2_000;
/** What makes an item answer a question, and how much each counts: best on the questions it was tuned with. */
const WEIGHTS = { near: 1, named: 0.5, coverage: 1 } as const;
const ALL_WEIGHTS = WEIGHTS.near + WEIGHTS.named + WEIGHTS.coverage;
export const P = { own: 0.5, hint: 0.8, lost: 0.5, ex: 0.8, exhint: 0.6 };
/** A word that every item has tells next to nothing, but not less than nothing. */
const MIN_IDF = 0.1;

/** Searches one part: the vectors find what is near, the words what is named; of those comes first what is both and covers the question. */
export class PartSearch {
  readonly #part: Part;
  readonly #embedder: Embedder;
  readonly #lexical: LexicalSearch;
  readonly #vocabularies = new Map<number, Vocabulary>();

  constructor(part: Part, embedder: Embedder) {
    this.#part = part;
    this.#embedder = embedder;
    this.#lexical = new LexicalSearch(part.lexical);
  }

  /** At most `k`, best first. */
  search(question: Question, k: number, kinds: readonly ItemKind[] | undefined): SearchHit[] {
    const wanted = (label: number): boolean => kinds?.includes(this.#part.items.kindAt(label)) ?? true;
    const named = this.#lexical.scores(this.#embedder.questionTerms(question.words), (term) => Math.max(this.#embedder.idf(`w:${term}`), MIN_IDF));
    const called = new Set(this.#called(question.text).filter(wanted));
    const count = Math.max(k * 3, MIN_CANDIDATES);
    const hints = new Map([...question.hints].flatMap(([id, hint]) => this.#part.items.named(nameOf(id)).filter(wanted).map((label) => [label, hint] as const)));
    const found = [...this.#near(question, count, wanted), ...bestOf(named, count, wanted)].map(({ label }) => label);
    const scored = [...new Set([...called, ...hints.keys(), ...found])].map((label) => ({ label, score: called.has(label) ? 1 : this.#score(question, label, named.get(label) ?? 0, hints.get(label) ?? 0) }));
    const best = scored.filter((hit) => hit.score > 0).sort(byScore).slice(0, k);
    return best.map(({ label, score }) => {
      const { id, kind, summary } = this.#item(label);
      return { id, kind, score, summary };
    });
  }

  /** How much of the question's telling words an item is about, 0 to 1. */
  coverage(words: readonly Word[], label: number): number {
    let vocabulary = this.#vocabularies.get(label);
    if (!vocabulary) this.#vocabularies.set(label, (vocabulary = vocabularyOf(this.#item(label).about)));
    const telling = (feature: string): number | undefined => (this.#embedder.knows(feature) ? this.#embedder.idf(feature) : undefined);
    return coverageOf(words, vocabulary, telling, this.#embedder.idf(''));
  }

  /** Nothing is near to a question without a known word. */
  #near({ vector }: Question, count: number, wanted: (label: number) => boolean): readonly Neighbour[] {
    return vector.every((x) => x === 0) ? [] : this.#part.index.search(vector, count, wanted);
  }

  #score({ words, vector }: Question, label: number, named: number, hint: number): number {
    const near = Math.max(cosine(vector, this.#part.vectors, label), 0);
    const own = (WEIGHTS.near * near + WEIGHTS.named * named + WEIGHTS.coverage * this.coverage(words, label)) / ALL_WEIGHTS;
    if (this.#part.items.kindAt(label) === 'example') return P.ex * own + P.exhint * hint;
    if (this.#part.items.kindAt(label) !== 'attach-point') return own;
    return P.own * own + P.hint * hint - (hint > 0 ? P.lost : 1) * this.#part.handicap;
  }

  /** Items the question calls by name: an identifier among its words, or a name that is the whole question. */
  #called(question: string): readonly number[] {
    const text = question.slice(0, MAX_NAMED_CHARACTERS).trim();
    const identifiers = text.split(/[\s,;"'`]+|[?!.]+(?=\s|$)/).filter((word) => /[:_/]|\(\)$/.test(word));
    return [text, ...identifiers].flatMap((name) => this.#part.items.named(nameOf(name)));
  }

  #item(label: number): FoundItem {
    return this.#part.items.at(label);
  }
}
