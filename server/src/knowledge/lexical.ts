import type { Terms } from './terms.ts';
import { BestNeighbours, type Neighbour } from './vector-index.ts';

/** BM25 (Robertson and Zaragoza, 2009): how soon repetition stops to count, and how much long documents are held against them. */
const SATURATION = 1.2;
const LENGTH = 0.5;

/** Which documents have which terms: `documents[i]` has the term for `offsets[term] <= i < offsets[term + 1]`, and `weights[i]` of 255 of it. */
export interface LexicalIndex {
  readonly count: number;
  readonly terms: readonly string[];
  readonly offsets: Uint32Array;
  readonly documents: Uint32Array;
  readonly weights: Uint8Array;
}

export function lexicalIndex(documents: readonly Terms[]): LexicalIndex {
  const postings = new Map<string, { document: number; weight: number }[]>();
  const lengths = documents.map((terms) => [...terms.values()].reduce((sum, x) => sum + x, 0));
  const average = lengths.reduce((sum, x) => sum + x, 0) / Math.max(1, documents.length);
  for (const [document, terms] of documents.entries()) {
    const length = 1 - LENGTH + (LENGTH * (lengths[document] ?? 0)) / average;
    for (const [term, count] of terms) {
      const weight = Math.round((255 * count) / (count + SATURATION * length));
      const known = postings.get(term);
      if (known) known.push({ document, weight });
      else postings.set(term, [{ document, weight }]);
    }
  }
  return packed(postings, documents.length);
}

function packed(postings: ReadonlyMap<string, readonly { document: number; weight: number }[]>, count: number): LexicalIndex {
  const terms = [...postings.keys()].sort();
  const all = terms.flatMap((term) => postings.get(term) ?? []);
  const offsets = new Uint32Array(terms.length + 1);
  for (const [i, term] of terms.entries()) offsets[i + 1] = (offsets[i] ?? 0) + (postings.get(term)?.length ?? 0);
  return { count, terms, offsets, documents: Uint32Array.from(all, (p) => p.document), weights: Uint8Array.from(all, (p) => p.weight) };
}

/** How much documents have of what was asked for. */
export interface Scores {
  /** Those that have anything. */
  readonly documents: readonly number[];
  /** 0 to 1. */
  of(document: number): number;
}

/** Searches an index for terms of which each tells `idf` much. */
export class LexicalSearch {
  readonly #index: LexicalIndex;
  readonly #numbers: ReadonlyMap<string, number>;

  constructor(index: LexicalIndex) {
    this.#index = index;
    this.#numbers = new Map(index.terms.map((term, i) => [term, i]));
  }

  /** Every document with one of the terms, with the share of what the question tells that it has, 0 to 1. */
  scores(terms: Terms, idf: (term: string) => number): Scores {
    const { offsets, documents, weights } = this.#index;
    // A common word is in ten thousands of documents: a table of numbers is filled faster than a map.
    const scores = new Float64Array(this.#index.count);
    const found: number[] = [];
    const all = [...terms.keys()].reduce((sum, term) => sum + idf(term), 0);
    for (const term of terms.keys()) {
      const number = this.#numbers.get(term);
      if (number === undefined) continue;
      const worth = idf(term) / all / 255;
      for (let i = offsets[number] ?? 0; i < (offsets[number + 1] ?? 0); i++) {
        const document = documents[i] ?? 0;
        const before = scores[document] ?? 0;
        if (before === 0) found.push(document);
        scores[document] = before + worth * (weights[i] ?? 0);
      }
    }
    return { documents: found, of: (document) => scores[document] ?? 0 };
  }
}

/** The `count` best of them, best first. */
export function bestOf(scores: Scores, count: number, wanted?: (label: number) => boolean): Neighbour[] {
  const best = new BestNeighbours(count);
  for (const label of scores.documents) if (!wanted || wanted(label)) best.offer(label, scores.of(label));
  return best.sorted();
}
