import { coverageOf, hasAll, nameness, type Asked } from './coverage.ts';
import type { Covering } from './covering.ts';
import type { Embedder } from './embed.ts';
import { nameOf, type FoundItem, type ItemTable } from './index/item-table.ts';
import { bestOf, LexicalSearch, type LexicalIndex, type Scores } from './lexical.ts';
import type { ItemKind, SearchHit } from './knowledge.ts';
import { byScore, cosine, type Neighbour, type VectorIndex, type Vectors } from './vector-index.ts';
import { wordsOf, type Word } from './words.ts';

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
export const DERIVED_HANDICAP = 0.12;

/** Every function has it. */
const PROVIDER = /^(?:kprobe|kretprobe|fentry|fexit|tracepoint|rawtracepoint|topic):/;

/** A question as it is compared with items. */
export interface Question {
  readonly text: string;
  readonly words: readonly Word[];
  readonly asked: Asked;
  readonly vector: Float32Array;
  /** Ids of attach points that are known to answer what it seems to be about, and how surely, 0 to 1. */
  readonly hints: ReadonlyMap<string, number>;
}

/** Items looked at more closely, by nearness and by words each: several times as many as are wanted, for the order changes. */
const MIN_CANDIDATES = 100;
/** Names are looked for in the beginning of a question only. */
const MAX_NAMED_CHARACTERS = 2_000;
/** What makes an item answer a question, and how much each counts: best on the questions it was tuned with. */
const WEIGHTS = { near: 1, named: 0.5, coverage: 1 } as const;
const ALL_WEIGHTS = WEIGHTS.near + WEIGHTS.named + WEIGHTS.coverage;
/**
 * What of that and what of a hint makes the score. Examples tell of themselves in the words of people, so their own words count for more. Nothing is
 * known of where other kinds help.
 */
const SHARES = { 'attach-point': { own: 0.36, hint: 0.57 }, example: { own: 0.57, hint: 0.43 }, other: { own: 0.7, hint: 0 } } as const;
/** What is added for a question that is words of the item's name. */
const NAMENESS = 0.45;
/** What is left of the handicap where a topic names the item. */
const HANDICAP_OF_HINTED = 0.5;
/** How much of a hint what nobody described is taken to say itself: it has a name, and no words that people use. */
const OWN_OF_HINTED = 0.5;
/** A word that every item has tells next to nothing, but not less than nothing. */
const MIN_IDF = 0.1;

/** How well items answer, 0 to 1, by their places among those of their kind. What an item's words tell is known at once and bounds it; how near it is costs more. */
export interface Answering {
  atMost(place: number): number;
  exactly(place: number): number;
}

/** All three from 0 to 1. */
function ownOf(near: number, named: number, coverage: number): number {
  return (WEIGHTS.near * near + WEIGHTS.named * named + WEIGHTS.coverage * coverage) / ALL_WEIGHTS;
}

/** Searches one part: the vectors find what is near, the words what is named; of those comes first what is both and covers the question. */
export class PartSearch {
  readonly #part: Part;
  readonly #embedder: Embedder;
  readonly #lexical: LexicalSearch;
  /** Kinds of the items there are. */
  #kinds: ReadonlySet<ItemKind> | undefined;

  constructor(part: Part, embedder: Embedder) {
    this.#part = part;
    this.#embedder = embedder;
    this.#lexical = new LexicalSearch(part.lexical);
  }

  /** At most `k`, best first. */
  search(question: Question, k: number, kinds: readonly ItemKind[] | undefined): SearchHit[] {
    const wanted = (label: number): boolean => kinds?.includes(this.#part.items.kindAt(label)) ?? true;
    const some = this.#hasOthers(kinds) ? wanted : undefined;
    const named = this.#named(question);
    const called = new Set(this.#called(question.text).filter(wanted));
    const count = Math.max(k * 3, MIN_CANDIDATES);
    const hints = new Map([...question.hints].flatMap(([id, hint]) => this.#part.items.named(nameOf(id)).filter(wanted).map((label) => [label, hint] as const)));
    const found = [...this.#near(question, count, some), ...bestOf(named, count, some)].map(({ label }) => label);
    const scored = [...new Set([...called, ...hints.keys(), ...found])].map((label) => ({ label, score: called.has(label) ? 1 : this.#score(question, label, named.of(label), hints.get(label) ?? 0) }));
    const best = scored.filter((hit) => hit.score > 0).sort(byScore).slice(0, k);
    return best.map(({ label, score }) => {
      const { id, kind, summary } = this.#item(label);
      return { id, kind, score, summary };
    });
  }

  /** How well each of these items answers. */
  every(question: Question, items: Covering): Answering {
    const named = this.#named(question);
    const covered = items.coverage(question.asked);
    const own = (place: number, near: (label: number) => number): number => {
      const label = items.labelAt(place);
      return label === undefined ? 0 : ownOf(near(label), named.of(label), covered[place] ?? 0);
    };
    return { atMost: (place) => own(place, () => 1), exactly: (place) => own(place, (label) => this.#nearness(question, label)) };
  }

  /** Whether there are items of other kinds. */
  #hasOthers(kinds: readonly ItemKind[] | undefined): boolean {
    if (!kinds) return false;
    this.#kinds ??= new Set(Array.from({ length: this.#part.items.count }, (_, label) => this.#part.items.kindAt(label)));
    return [...this.#kinds].some((kind) => !kinds.includes(kind));
  }

  #named({ words }: Question): Scores {
    return this.#lexical.scores(this.#embedder.questionTerms(words), (term) => Math.max(this.#embedder.idf(`w:${term}`), MIN_IDF));
  }

  /** How much of the question's telling words an item is about, 0 to 1. */
  coverage(asked: Asked, label: number): number {
    return coverageOf(asked, this.#part.items.vocabulary(label));
  }

  /** Nothing is near to a question without a known word. */
  #near({ vector }: Question, count: number, wanted: ((label: number) => boolean) | undefined): readonly Neighbour[] {
    return vector.every((x) => x === 0) ? [] : this.#part.index.search(vector, count, wanted);
  }

  /** `hint`: how surely it is known to answer what the question is about. */
  #score(question: Question, label: number, named: number, hint: number): number {
    const told = this.#own(question, label, named);
    const own = this.#part.handicap > 0 ? Math.max(told, OWN_OF_HINTED * hint) : told;
    const kind = this.#part.items.kindAt(label);
    const share = SHARES[kind === 'attach-point' || kind === 'example' ? kind : 'other'];
    const handicap = this.#part.handicap * (hint > 0 ? HANDICAP_OF_HINTED : 1);
    return Math.min(share.own * own + share.hint * hint + NAMENESS * this.#nameness(question.asked, label) - handicap, 0.999);
  }

  /** What it has of the question itself. */
  #own(question: Question, label: number, named: number): number {
    return ownOf(this.#nearness(question, label), named, coverageOf(question.asked, this.#part.items.vocabulary(label)));
  }

  #nearness({ vector }: Question, label: number): number {
    return Math.max(cosine(vector, this.#part.vectors, label), 0);
  }

  /** Most items need not be read for it. */
  #nameness(asked: Asked, label: number): number {
    if (!hasAll(asked, this.#part.items.vocabulary(label))) return 0;
    return nameness(asked, this.#embedder.asked(wordsOf(this.#item(label).id.replace(PROVIDER, ''))));
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
