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

/**
 * The share of a question's telling words that a vocabulary has, 0 to 1. A word no document has tells
 * `unknown`; an everyday word for something known tells as much as that.
 */
export function coverageOf(words: readonly Word[], vocabulary: Vocabulary, telling: Telling, unknown: number): number {
  const worth = words.map((word) => Number(vocabulary.stems.has(word.stem)));
  const weights = words.map((word) => telling(`w:${word.stem}`));
  for (const { from, length, concepts } of conceptsIn(words)) {
    const covered = concepts.some((c) => vocabulary.concepts.has(c));
    const told = concepts.map((c) => telling(`c:${c}`)).filter((w) => w !== undefined);
    for (let i = from; i < from + length; i++) {
      if (covered) worth[i] = Math.max(worth[i] ?? 0, WORTH_OF_SYNONYM);
      if (told.length > 0) weights[i] ??= Math.max(...told);
    }
  }
  let covered = 0;
  let all = 0;
  for (const [i, word] of words.entries()) {
    if (word.stop) continue;
    const weight = weights[i] ?? unknown;
    all += weight;
    covered += weight * (worth[i] ?? 0);
  }
  return all === 0 ? 0 : covered / all;
}
