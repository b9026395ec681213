import { wordsOf } from './words.ts';

/** Part of a document: some text and how much it says about the whole. */
export interface Field {
  readonly text: string;
  readonly weight: number;
}

/** Stems and how much of a document each is. */
export type Terms = ReadonlyMap<string, number>;

/** The telling words of a document. */
export function termsOf(fields: readonly Field[]): Terms {
  const terms = new Map<string, number>();
  for (const { text, weight } of fields) {
    for (const { stem, stop } of wordsOf(text)) if (!stop) terms.set(stem, (terms.get(stem) ?? 0) + weight);
  }
  return terms;
}
