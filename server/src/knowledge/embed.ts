import { fnv1a } from '../base/text.ts';
import { CONCEPT_WORDS } from './concepts.ts';
import { askedOf, type Asked } from './coverage.ts';
import { LATENT_VERSION, trainLatent, type LatentModel } from './latent.ts';
import { Speller } from './spell.ts';
import type { Breathe } from './svd.ts';
import { SYNONYMS } from './synonyms.ts';
import type { Field, Terms } from './terms.ts';
import { addTo, normalized } from './vector-index.ts';
import { isStop, STOP_WORDS, trigrams, withoutRequest, wordsOf, type Word } from './words.ts';

/**
 * The local embedder: no download, no network. From the corpus itself it learned which words occur together (`latent.ts`); a text is the sum of its
 * words' vectors, rare words counting more. A word of a question that the corpus lacks is put right where it is
 * misspelt; else the words that share its letters stand in for it.
 */
export const DIMENSIONS = 128;

/** Names this embedder: vectors made under another name do not compare with its own. The word lists count too. */
export const EMBEDDER = ['latent', LATENT_VERSION, DIMENSIONS, ...[SYNONYMS, STOP_WORDS].map((list) => fnv1a(list).toString(16))].join('-');

/** How many words stand in for an unknown one, and how much of its letters each must share. */
const STAND_INS = 3;
const MIN_SHARED = 0.4;

export class Embedder {
  readonly #model: LatentModel;
  readonly #number: ReadonlyMap<string, number>;
  #madeSpeller: Speller | undefined;

  constructor(model: LatentModel) {
    this.#model = model;
    this.#number = new Map(model.terms.map((term, i) => [term, i]));
  }

  /** Made for the first question: an index that is only opened does without. */
  get #speller(): Speller {
    return (this.#madeSpeller ??= new Speller([...this.#model.terms, ...CONCEPT_WORDS]));
  }

  /** Learns from all documents there will be; takes seconds, with pauses. */
  static learn(documents: readonly (readonly Field[])[], breathe: Breathe = () => Promise.resolve()): Promise<LatentModel> {
    return trainLatent(documents, DIMENSIONS, breathe);
  }

  /** A unit vector of DIMENSIONS numbers; all zeros when no word of the text is known. */
  document(terms: Terms): Float32Array {
    return this.#sum(terms, () => []);
  }

  /** As `document`, for a question. */
  query(text: string): Float32Array {
    return this.#sum(this.questionTerms(this.questionWords(text)), (term) => this.#standIns(term));
  }

  /** The telling ones among them. */
  questionTerms(words: readonly Word[]): Terms {
    const terms = new Map<string, number>();
    for (const { stem, stop } of words) if (!stop) terms.set(stem, (terms.get(stem) ?? 0) + 1);
    return terms;
  }

  /** The words of a question, put right where they are misspelt. */
  questionWords(text: string): Word[] {
    const words = wordsOf(withoutRequest(text));
    const stems = this.#speller.correct(words);
    return words.map((word, i) => ({ ...word, stem: stems[i] ?? word.stem, stop: word.stop || isStop(stems[i] ?? '') }));
  }

  /** A question's words as they are compared with what items are about. */
  asked(words: readonly Word[]): Asked {
    return askedOf(words, (feature) => (this.knows(feature) ? this.idf(feature) : undefined), this.idf(''));
  }

  /** How much a feature (`w:` and a stem, `c:` and a concept) tells: rare ones more. Features never seen count as the rarest. */
  idf(feature: string): number {
    return Math.log((this.#model.documents + 1) / ((this.#model.frequency.get(feature) ?? 0) + 0.5));
  }

  knows(feature: string): boolean {
    return this.#model.frequency.has(feature);
  }

  #sum(terms: Terms, otherwise: (term: string) => readonly (readonly [number, number])[]): Float32Array {
    const vector = new Float32Array(DIMENSIONS);
    for (const [term, count] of terms) {
      const number = this.#number.get(term);
      const weight = Math.sqrt(count) * Math.max(this.idf(`w:${term}`), 0.1);
      for (const [which, share] of number === undefined ? otherwise(term) : [[number, 1] as const]) {
        addTo(vector, this.#model.vectors, which, weight * share);
      }
    }
    return normalized(vector);
  }

  /** Known terms that share most letters with an unknown one, with their shares. */
  #standIns(term: string): (readonly [number: number, share: number])[] {
    const grams = new Set(trigrams(term));
    const found: (readonly [number, number])[] = [];
    for (const [number, known] of this.#model.terms.entries()) {
      if (known.length < 4 || known.length * 2 < term.length || term.length * 2 < known.length) continue;
      const own = trigrams(known);
      const shared = own.filter((gram) => grams.has(gram)).length;
      const share = shared / (own.length + grams.size - shared);
      if (share >= MIN_SHARED) found.push([number, share]);
    }
    return found.sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, STAND_INS);
  }
}
