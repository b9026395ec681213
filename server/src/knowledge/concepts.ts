import { conceptsOf, MAX_PHRASE_WORDS } from './synonyms.ts';
import { wordsOf, type Word } from './words.ts';

const CONCEPTS = conceptsOf((text) => wordsOf(text).map((w) => w.stem).join(' '));

/** Stems that occur in the everyday names of concepts. */
export const CONCEPT_WORDS: ReadonlySet<string> = new Set([...CONCEPTS.keys()].flatMap((phrase) => phrase.split(' ')));

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
