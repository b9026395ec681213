import { nearest } from '../../../base/near.ts';

/**
 * Names that were probably meant, for as many mistakes as a person will read: comparing every unknown word of a
 * generated file with every known one would take seconds.
 */
export interface Suggestions {
  left: number;
}

export const MAX_SUGGESTIONS = 100;

/** The known name nearest to a word; `names` is only asked while suggestions are left. */
export function suggest(suggestions: Suggestions, word: string, names: () => Iterable<string>): string | undefined {
  return suggestions.left-- > 0 ? nearest(word, names())[0] : undefined;
}
