import { editDistance } from '../base/near.ts';

/** How many words of one question are looked up: the lookup goes through much of the vocabulary. */
const MAX_CORRECTIONS = 24;

/**
 * Puts misspelt words right against the words that are known. Short words are left alone, for every
 * four letters are one letter away from something ("bake" is not "wake"); swapped letters are the
 * exception.
 */
export class Speller {
  /** Known words by their length and first letter, which is rarely wrong. */
  readonly #alike = new Map<string, string[]>();
  readonly #known: ReadonlySet<string>;
  /** Known words by what is left when double letters are single. */
  readonly #bySqueezed = new Map<string, string>();

  constructor(words: Iterable<string>) {
    this.#known = new Set(words);
    for (const word of [...this.#known].sort()) {
      if (word.length < 4 || /[^a-z]/.test(word)) continue;
      this.#bySqueezed.set(squeeze(word), word);
      const same = this.#alike.get(`${word.length}${word[0]}`);
      if (same) same.push(word);
      else this.#alike.set(`${word.length}${word[0]}`, [word]);
    }
  }

  knows(word: string): boolean {
    return this.#known.has(word);
  }

  /**
   * The words' stems with those not known replaced by the nearest known one; words like no other stay as
   * they are. A misspelt word may lose the wrong ending, so it is also compared as it stood.
   */
  correct(words: readonly { readonly raw: string; readonly stem: string; readonly stop: boolean }[]): string[] {
    let left = MAX_CORRECTIONS;
    const seen = new Map<string, string>();
    return words.map(({ raw, stem, stop }) => {
      if (stop || this.knows(stem) || /[^a-z]/.test(raw)) return stem;
      let better = seen.get(raw);
      if (better === undefined && left-- > 0) {
        better = this.#bySqueezed.get(squeeze(stem)) ?? this.#bySqueezed.get(squeeze(raw)) ?? this.#nearest(stem) ?? this.#nearest(raw) ?? stem;
        seen.set(raw, better);
      }
      return better ?? stem;
    });
  }

  #nearest(word: string): string | undefined {
    const allowed = word.length >= 7 ? 2 : word.length >= 5 ? 1 : 0;
    let best: string | undefined;
    let least = allowed + 1;
    for (let length = word.length - allowed; length <= word.length + allowed; length++) {
      for (const other of this.#alike.get(`${length}${word[0]}`) ?? []) {
        const distance = isSwap(word, other) ? 0.5 : editDistance(word, other, allowed);
        if (distance < least) [best, least] = [other, distance];
      }
    }
    return best;
  }
}

/** "memmory" and "conect" are the commonest kind of mistake. */
function squeeze(word: string): string {
  return word.replace(/(.)\1+/g, '$1');
}

function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length || a.length < 4) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2);
}
