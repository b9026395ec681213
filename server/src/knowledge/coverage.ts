import { fnv1a } from '../base/text.ts';
import { conceptsIn } from './concepts.ts';
import { wordsOf, type Word } from './words.ts';

/** What a text speaks of, ready to be compared with questions: hashes of its stems and concepts, in order. */
export type Vocabulary = Uint32Array;

export function vocabularyOf(text: string): Vocabulary {
  const words = wordsOf(text);
  const hashes = new Set([...words.map(({ stem }) => hashOfStem(stem)), ...conceptsIn(words).flatMap(({ concepts }) => concepts.map(hashOfConcept))]);
  return Uint32Array.from(hashes).sort();
}

const hashOfStem = (stem: string): number => fnv1a(`w:${stem}`);
const hashOfConcept = (concept: number): number => fnv1a(`c:${concept}`);

function has(vocabulary: Vocabulary, hash: number): boolean {
  let from = 0;
  let to = vocabulary.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((vocabulary[middle] ?? 0) < hash) from = middle + 1;
    else to = middle;
  }
  return vocabulary[from] === hash;
}

/** A synonym says nearly the same. */
export const WORTH_OF_SYNONYM = 0.9;

/** How much a feature of the embedder tells: `w:` and a stem, `c:` and a concept. */
export type Telling = (feature: string) => number | undefined;

interface AskedWord {
  readonly stem: string;
  readonly weight: number;
  /** Of the stem, and of the concepts it stands for. */
  readonly hash: number;
  readonly concepts: readonly number[];
}

/** A question, ready to be compared with many vocabularies. */
export interface Asked {
  readonly words: readonly AskedWord[];
  /** What all words together tell. */
  readonly all: number;
}

/** A word no document has tells `unknown`; an everyday word for something known tells as much as that. */
export function askedOf(words: readonly Word[], telling: Telling, unknown: number): Asked {
  const concepts: (readonly number[])[] = words.map(() => []);
  for (const found of conceptsIn(words)) concepts.fill(found.concepts, found.from, found.from + found.length);
  const asked = words.flatMap(({ stem, stop }, i) => {
    if (stop) return [];
    const own = concepts[i] ?? [];
    const told = own.map((c) => telling(`c:${c}`)).filter((w) => w !== undefined);
    return [{ stem, hash: hashOfStem(stem), concepts: own.map(hashOfConcept), weight: telling(`w:${stem}`) ?? (told.length > 0 ? Math.max(...told) : unknown) }];
  });
  return { words: asked, all: asked.reduce((sum, { weight }) => sum + weight, 0) };
}

/** The share of a question's telling words that a vocabulary has, 0 to 1. */
export function coverageOf({ words, all }: Asked, vocabulary: Vocabulary): number {
  let covered = 0;
  for (const { hash, weight, concepts } of words) {
    if (has(vocabulary, hash)) covered += weight;
    else if (concepts.some((concept) => has(vocabulary, concept))) covered += weight * WORTH_OF_SYNONYM;
  }
  return all === 0 ? 0 : covered / all;
}

/** Whether a vocabulary has every word that is asked for: only then can the question be words of a name in it. */
export function hasAll({ words }: Asked, vocabulary: Vocabulary): boolean {
  return words.every(({ hash }) => has(vocabulary, hash));
}

/** How much of a name a question is, 0 to 1, when it is words of that name and nothing else. One word alone may mean anything. */
export function nameness(asked: Asked, name: Asked): number {
  if (asked.words.length < 2 || asked.words.length > name.words.length) return 0;
  const all = asked.words.every(({ stem }) => name.words.some((word) => word.stem === stem));
  return all ? (2 * asked.all) / (asked.all + name.all) : 0;
}
