import { conceptsIn } from './embed.ts';
import { trigrams, wordsOf, type Word } from './words.ts';

/** What a text speaks of, ready to be compared with questions. */
export interface Vocabulary {
  readonly stems: ReadonlySet<string>;
  readonly concepts: ReadonlySet<number>;
  readonly grams: readonly ReadonlySet<string>[];
}

export function vocabularyOf(text: string): Vocabulary {
  const words = wordsOf(text);
  const stems = new Set(words.map((w) => w.stem));
  return {
    stems,
    concepts: new Set(conceptsIn(words).flatMap((found) => found.concepts)),
    grams: [...stems].filter((s) => s.length > 3).map((s) => new Set(trigrams(s))),
  };
}

/** A synonym says nearly the same, a misspelt word probably does. */
const WORTH = { same: 1, synonym: 0.9, alike: 0.7 } as const;
/** Dice similarity of trigrams: one letter wrong in a word of six leaves about half of them. */
const ALIKE = 0.5;

/** The share of a question's telling words that a vocabulary has, 0 to 1; `weight` says how much a stem tells. */
export function coverageOf(question: string, vocabulary: Vocabulary, weight: (stemmed: string) => number): number {
  const words = wordsOf(question);
  const worth = words.map((word) => wordWorth(word, vocabulary));
  for (const { from, length, concepts } of conceptsIn(words)) {
    if (!concepts.some((c) => vocabulary.concepts.has(c))) continue;
    for (let i = from; i < from + length; i++) worth[i] = Math.max(worth[i] ?? 0, WORTH.synonym);
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

function wordWorth(word: Word, vocabulary: Vocabulary): number {
  if (vocabulary.stems.has(word.stem)) return WORTH.same;
  if (word.stem.length < 4) return 0;
  const grams = trigrams(word.stem);
  const alike = vocabulary.grams.some((other) => {
    const shared = grams.reduce((n, g) => n + Number(other.has(g)), 0);
    return (2 * shared) / (grams.length + other.size) >= ALIKE;
  });
  return alike ? WORTH.alike : 0;
}
