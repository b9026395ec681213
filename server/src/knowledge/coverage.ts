import { conceptsIn } from './concepts.ts';
import { wordsOf, type Word } from './words.ts';

/** What a text speaks of, ready to be compared with questions. */
export interface Vocabulary {
  readonly stems: ReadonlySet<string>;
  readonly concepts: ReadonlySet<number>;
}

export function vocabularyOf(text: string): Vocabulary {
  const words = wordsOf(text);
  return { stems: new Set(words.map((w) => w.stem)), concepts: new Set(conceptsIn(words).flatMap((found) => found.concepts)) };
}

/** A synonym says nearly the same. */
const WORTH_OF_SYNONYM = 0.9;

/** How much a feature of the embedder tells: `w:` and a stem, `c:` and a concept. */
export type Telling = (feature: string) => number | undefined;

/** A question, ready to be compared with many vocabularies. */
export interface Asked {
  readonly words: readonly { readonly stem: string; readonly weight: number; readonly concepts: readonly number[] }[];
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
    return [{ stem, concepts: own, weight: telling(`w:${stem}`) ?? (told.length > 0 ? Math.max(...told) : unknown) }];
  });
  return { words: asked, all: asked.reduce((sum, { weight }) => sum + weight, 0) };
}

/** The share of a question's telling words that a vocabulary has, 0 to 1. */
export function coverageOf({ words, all }: Asked, vocabulary: Vocabulary): number {
  let covered = 0;
  for (const { stem, weight, concepts } of words) {
    if (vocabulary.stems.has(stem)) covered += weight;
    else if (concepts.some((c) => vocabulary.concepts.has(c))) covered += weight * WORTH_OF_SYNONYM;
  }
  return all === 0 ? 0 : covered / all;
}

/** How much of a name a question is, 0 to 1, when it is words of that name and nothing else. One word alone may mean anything. */
export function nameness(asked: Asked, name: Asked): number {
  if (asked.words.length < 2 || asked.words.length > name.words.length) return 0;
  const all = asked.words.every(({ stem }) => name.words.some((word) => word.stem === stem));
  return all ? (2 * asked.all) / (asked.all + name.all) : 0;
}
