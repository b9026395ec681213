import { conceptsIn } from './embed.ts';
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

/** The share of a question's telling words that a vocabulary has, 0 to 1; `weight` says how much a stem tells. */
export function coverageOf(words: readonly Word[], vocabulary: Vocabulary, weight: (stemmed: string) => number): number {
  const worth = words.map((word) => Number(vocabulary.stems.has(word.stem)));
  for (const { from, length, concepts } of conceptsIn(words)) {
    if (!concepts.some((c) => vocabulary.concepts.has(c))) continue;
    for (let i = from; i < from + length; i++) worth[i] = Math.max(worth[i] ?? 0, WORTH_OF_SYNONYM);
  }
  let covered = 0;
  let all = 0;
  for (const [i, word] of words.entries()) {
    if (word.stop) continue;
    const w = weight(word.stem);
    all += w;
    covered += w * (worth[i] ?? 0);
  }
  return all === 0 ? 0 : covered / all;
}
