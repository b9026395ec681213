import { conceptsIn } from './concepts.ts';
import { sparseRows } from './rows.ts';
import { strongestDirections, type Breathe } from './svd.ts';
import { SYNONYMS } from './synonyms.ts';
import { termsOf, type Field, type Terms } from './terms.ts';
import { emptyVectors, setVector, type Vectors } from './vector-index.ts';
import { wordsOf } from './words.ts';

/** To be raised when this file, `words.ts` or `items.ts` would make other vectors of the same text. */
export const LATENT_VERSION = 4;

/** What was learned from the corpus. */
export interface LatentModel {
  readonly documents: number;
  /** In how many documents each feature occurs: `w:` and a stem, `c:` and the number of a concept. */
  readonly frequency: ReadonlyMap<string, number>;
  /** Stems that have a vector, in the order of the vectors. */
  readonly terms: readonly string[];
  readonly vectors: Vectors;
}

/**
 * Latent semantic analysis (Deerwester et al., 1990): terms are near to each other that occur in the same documents. Each line of everyday synonyms
 * is a document too. A term's vector has the square root of the directions' strengths, which was best on the questions it was tuned with.
 */
export async function trainLatent(documents: readonly (readonly Field[])[], dimensions: number, breathe: Breathe): Promise<LatentModel> {
  const frequency = frequencyOf(documents);
  const all = [...documents, ...SYNONYMS.trim().split('\n').map((text) => [{ text, weight: 1 }])].map(termsOf);
  const numbers = new Map<string, number>();
  const idf = (term: string): number => Math.max(0.1, Math.log((documents.length + 1) / ((frequency.get(`w:${term}`) ?? 0) + 0.5)));
  const rows = all.map((terms) => weighted(terms, idf).map(([term, value]) => [numberOf(numbers, term), value] as const));
  const { directions, values } = await strongestDirections(sparseRows(rows), numbers.size, dimensions, breathe);
  const strengths = values.map(Math.sqrt);
  const vectors = emptyVectors(numbers.size, dimensions);
  for (let term = 0; term < numbers.size; term++) {
    setVector(vectors, term, Float32Array.from({ length: dimensions }, (_, k) => (directions[term * dimensions + k] ?? 0) * (strengths[k] ?? 0)));
  }
  return { documents: documents.length, frequency, terms: [...numbers.keys()], vectors };
}

function frequencyOf(documents: readonly (readonly Field[])[]): Map<string, number> {
  const frequency = new Map<string, number>();
  for (const fields of documents) {
    const features = new Set<string>();
    for (const { text } of fields) {
      const words = wordsOf(text);
      for (const { stem, stop } of words) if (!stop) features.add(`w:${stem}`);
      for (const { concepts } of conceptsIn(words)) for (const concept of concepts) features.add(`c:${concept}`);
    }
    for (const feature of features) frequency.set(feature, (frequency.get(feature) ?? 0) + 1);
  }
  return frequency;
}

/** A row of unit length. Repetition counts with its square root: the tenth "tcp" says little. */
function weighted(terms: Terms, idf: (term: string) => number): (readonly [term: string, value: number])[] {
  const values = [...terms].map(([term, count]) => [term, Math.sqrt(count) * idf(term)] as const);
  const length = Math.sqrt(values.reduce((sum, [, value]) => sum + value * value, 0));
  return values.map(([term, value]) => [term, value / length]);
}

function numberOf(numbers: Map<string, number>, term: string): number {
  const number = numbers.get(term) ?? numbers.size;
  numbers.set(term, number);
  return number;
}
