import type { Helpers } from './helpers.ts';
import { literal, WORD, type Piece } from './words.ts';

const ZERO = /^(?:0x)?0+(?:u|ull)?$/;

/**
 * A value of any number of words shifted by a number of bits that is only known when it runs: as an element of an array in a map's value is taken out
 * or put in. Each word is chosen by how many whole words the shift goes; words that are 0 are not looked at.
 */
export function shifted(op: 'shl' | 'lshr', words: readonly Piece[], amount: readonly Piece[], helpers: Helpers): readonly Piece[] {
  const [low, ...high] = amount;
  const over = high.filter(({ text }) => !ZERO.test(text)).map(({ text }) => `(${text}) != 0`);
  const join = helpers.use('funnel', WORD);
  return words.map(({ width }, at): Piece => {
    const cases: string[] = [];
    const used = new Set<number>();
    const take = (n: number): string => {
      if (ZERO.test(words[n]?.text ?? '0')) return '0';
      used.add(n);
      return `word${n}_`;
    };
    for (let whole = 0; whole < words.length; whole++) {
      const [from, next] = op === 'shl' ? [at - whole, at - whole - 1] : [at + whole + 1, at + whole];
      const [a, b] = [take(from), take(next)];
      // Shifted to the left by the rest, or to the right by it: the other way round of the same pair of words.
      if (a !== '0' || b !== '0') cases.push(`case ${whole}: to_ = ${op === 'shl' ? `${join}(${a}, ${b}, by_)` : `by_ == 0 ? ${b} : ${join}(${a}, ${b}, ${WORD} - by_)`}; break;`);
    }
    if (cases.length === 0) return { text: literal(0n, width), width };
    const kept = [...used].sort((a, b) => a - b).map((n) => `const uint64_t word${n}_ = ${words[n]?.text ?? '0'};`);
    const chosen = `switch (bits_ >> 6) { ${cases.join(' ')} default: break; }`;
    const text = `({ ${kept.join(' ')} const uint64_t bits_ = ${low?.text ?? '0'}; const uint64_t by_ = bits_ & 63; uint64_t to_ = 0; ${over.length > 0 ? `if (!(${over.join(' || ')})) ` : ''}${chosen} to_; })`;
    return { text: width === WORD ? text : `(${text} & ${literal((1n << BigInt(width)) - 1n, WORD)})`, width };
  });
}
