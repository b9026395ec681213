import { Speller } from './spell.ts';
import { conceptsOf, MAX_PHRASE_WORDS, SYNONYMS } from './synonyms.ts';
import { isStop, STOP_WORDS, trigrams, withoutRequest, wordsOf, type Word } from './words.ts';

/**
 * A local embedder: no model, no download, the same numbers on every machine. A text becomes weighted
 * features (word stems, the everyday concepts they stand for, neighbouring pairs, character trigrams
 * against typos), weighted by how rare they are in the corpus, hashed with signs into a dense vector.
 */

/** To be raised when this file, `words.ts` or `items.ts` would make other vectors of the same text. */
const VERSION = 1;
export const DIMENSIONS = 256;

/** Positions a feature is spread over: with one, an unlucky collision would count in full. */
const SPREAD = 4;

const WEIGHT = { word: 1, concept: 0.8, pair: 0.4, gram: 0.3, gramOfUnknownWord: 1 } as const;

/** Names this embedder: vectors made under another name do not compare with its own. The word lists count too. */
export const EMBEDDER = [VERSION, DIMENSIONS, ...[SYNONYMS, STOP_WORDS].map((list) => fnv1a(list).toString(16))].join('-');

/** The trigrams of shorter words are the middles of everything else: "ram" sits in "program". */
const MIN_LETTERS_FOR_GRAMS = 4;

/** Part of a document: some text and how much it says about the whole. */
export interface Field {
  readonly text: string;
  readonly weight: number;
}

/** What the embedder learned from the corpus: in how many documents each feature occurs. */
export interface EmbedderModel {
  readonly documents: number;
  readonly frequency: Readonly<Record<string, number>>;
}

const CONCEPTS = conceptsOf((text) => wordsOf(text).map((w) => w.stem).join(' '));
const CONCEPT_WORDS = new Set([...CONCEPTS.keys()].flatMap((phrase) => phrase.split(' ')));

export class Embedder {
  readonly #documents: number;
  readonly #frequency: ReadonlyMap<string, number>;
  readonly #speller: Speller;

  constructor(model: EmbedderModel) {
    this.#documents = model.documents;
    this.#frequency = new Map(Object.entries(model.frequency));
    const stems = [...this.#frequency.keys()].filter((f) => f.startsWith('w:')).map((f) => f.slice(2));
    this.#speller = new Speller([...stems, ...CONCEPT_WORDS]);
  }

  /** Learns the weights from all documents there will be. */
  static learn(documents: readonly (readonly Field[])[]): EmbedderModel {
    const frequency: Record<string, number> = {};
    for (const fields of documents) {
      for (const feature of documentFeatures(fields).keys()) frequency[feature] = (frequency[feature] ?? 0) + 1;
    }
    return { documents: documents.length, frequency };
  }

  /** A unit vector of DIMENSIONS numbers; all zeros when the text holds no word. */
  document(fields: readonly Field[]): Float32Array {
    return this.#hash(documentFeatures(fields));
  }

  /** As `document`, for a question: features the corpus does not have are left out, for they could only hit by accident. */
  query(text: string): Float32Array {
    const features = featuresOf(this.questionWords(text), (word) => this.#speller.knows(word));
    for (const feature of features.keys()) if (!this.#frequency.has(feature)) features.delete(feature);
    return this.#hash(features);
  }

  /** The words of a question, put right where they are misspelt. */
  questionWords(text: string): Word[] {
    const words = wordsOf(withoutRequest(text));
    const stems = this.#speller.correct(words);
    return words.map((word, i) => ({ ...word, stem: stems[i] ?? word.stem, stop: word.stop || isStop(stems[i] ?? '') }));
  }

  /** How much a feature tells: rare ones more. Features never seen count as the rarest. */
  idf(feature: string): number {
    return Math.log((this.#documents + 1) / ((this.#frequency.get(feature) ?? 0) + 0.5));
  }

  knows(feature: string): boolean {
    return this.#frequency.has(feature);
  }

  #hash(features: ReadonlyMap<string, number>): Float32Array {
    const vector = new Float32Array(DIMENSIONS);
    for (const [feature, weight] of features) {
      const value = weight * Math.max(this.idf(feature), 0.1);
      let h = fnv1a(feature);
      for (let i = 0; i < SPREAD; i++) {
        h = mix(h + 0x9e3779b9);
        const at = (h >>> 1) % DIMENSIONS;
        vector[at] = (vector[at] ?? 0) + (h & 1 ? value : -value);
      }
    }
    return normalize(vector);
  }
}

/** Features of a document. Repetition counts with its square root: the tenth "tcp" says little. */
function documentFeatures(fields: readonly Field[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const field of fields) {
    for (const [feature, weight] of featuresOf(wordsOf(field.text), () => true)) {
      sums.set(feature, (sums.get(feature) ?? 0) + weight * field.weight);
    }
  }
  for (const [feature, sum] of sums) sums.set(feature, Math.sqrt(sum));
  return sums;
}

function featuresOf(words: readonly Word[], known: (stemmed: string) => boolean): Map<string, number> {
  const features = new Map<string, number>();
  const add = (feature: string, weight: number): void => void features.set(feature, (features.get(feature) ?? 0) + weight);
  const telling = words.filter((w) => !w.stop);
  for (const [i, word] of telling.entries()) {
    add(`w:${word.stem}`, WEIGHT.word);
    const next = telling[i + 1];
    if (next) add(`p:${[word.stem, next.stem].sort().join(' ')}`, WEIGHT.pair);
    const grams = word.stem.length < MIN_LETTERS_FOR_GRAMS ? [] : trigrams(word.stem);
    const weight = (known(word.stem) ? WEIGHT.gram : WEIGHT.gramOfUnknownWord) / Math.sqrt(grams.length);
    for (const gram of grams) add(`g:${gram}`, weight);
  }
  const concepts = new Set(conceptsIn(words).flatMap((found) => found.concepts));
  for (const concept of concepts) add(`c:${concept}`, WEIGHT.concept);
  return features;
}

/** Concepts in a text by the words that name them. The longest phrase wins, so "system call" is no "call". */
export function conceptsIn(words: readonly Word[]): { readonly from: number; readonly length: number; readonly concepts: readonly number[] }[] {
  const found = [];
  for (let from = 0; from < words.length; ) {
    let length = Math.min(MAX_PHRASE_WORDS, words.length - from);
    let concepts: readonly number[] | undefined;
    for (; length > 0 && !concepts; length--) {
      const phrase = words.slice(from, from + length);
      if (length > 1 || !phrase[0]?.stop) concepts = CONCEPTS.get(phrase.map((w) => w.stem).join(' '));
    }
    if (concepts) found.push({ from, length: length + 1, concepts });
    from += length + 1;
  }
  return found;
}

/** FNV-1a over UTF-16 units (http://www.isthe.com/chongo/tech/comp/fnv/). */
function fnv1a(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** MurmurHash3's finalizer: FNV alone leaves the low bits of similar features alike. */
function mix(value: number): number {
  let h = value >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function normalize(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const x of vector) sum += x * x;
  if (sum === 0) return vector;
  const norm = Math.sqrt(sum);
  return vector.map((x) => x / norm);
}
