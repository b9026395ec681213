import type { Arithmetic, Order } from '../terms/term.ts';
import type { Helpers } from './helpers.ts';
import { Unprintable } from './unprintable.ts';
import { shifted } from './wide.ts';
import { atom, bitsOf, containerOf, cut, typeOf, WORD, type Piece } from './words.ts';

const SIGNS: Readonly<Partial<Record<Arithmetic, string>>> = { add: '+', sub: '-', mul: '*', and: '&', or: '|', xor: '^' };
const ORDER_SIGNS: Readonly<Record<Order, string>> = { ult: '<', ule: '<=', slt: '<', sle: '<=' };
const BITWISE: ReadonlySet<string> = new Set(['and', 'or', 'xor', 'not']);
const SIGNED: ReadonlySet<string> = new Set(['sdiv', 'srem', 'ashr']);
/** C promotes what is narrower to `int`, whose overflow it leaves undefined. */
const INT = 32;

type Operation = Arithmetic | 'not' | 'neg' | 'sext';

/** An operation on words that gives words. Values of 65 to 128 bits are joined for it; wider ones only know bitwise operations and shifts. */
export function arithmetic(op: Operation, width: number, operands: readonly (readonly Piece[])[], helpers: Helpers): readonly Piece[] {
  const [a = [], b = []] = operands;
  if (op === 'sext') return extended(a, width, helpers);
  if (width <= 64) return [{ text: narrow(op, width, a[0]?.text ?? '0', b[0]?.text ?? '0', helpers), width }];
  if (BITWISE.has(op)) return a.map((word, n) => ({ text: narrow(op, word.width, word.text, b[n]?.text ?? '0', helpers), width: word.width }));
  if (width > 2 * WORD && (op === 'shl' || op === 'lshr')) return shifted(op, a, b, helpers);
  const joined = wide(op, width, joinedOf(a, helpers), joinedOf(b, helpers), helpers);
  return [{ text: `(uint64_t)${joined}`, width: 64 }, { text: cut(`${joined} >> 64`, width - 64), width: width - 64 }];
}

function narrow(op: Operation, width: number, a: string, b: string, helpers: Helpers): string {
  const sign = SIGNS[op as Arithmetic];
  const exact = containerOf(width) === width && width >= INT;
  const trim = (text: string): string => (exact ? text : cut(text, width));
  if (sign !== undefined) {
    const left = op === 'mul' && width < INT ? `(uint32_t)${atom(a)}` : atom(a);
    const text = `${left} ${sign} ${atom(b)}`;
    return BITWISE.has(op) ? text : trim(text);
  }
  if (op === 'not') return trim(`~${atom(a)}`);
  if (op === 'neg') return trim(`-${atom(a)}`);
  return withConstant(op as Arithmetic, width, a, b, exact) ?? cut(`${helpers.use(op, 64)}(${SIGNED.has(op) ? signed(a, width, helpers) : a}, ${op === 'sdiv' || op === 'srem' ? signed(b, width, helpers) : b})`, width);
}

/** Divisors and distances that stand in the program need no look whether C defines them. */
function withConstant(op: Arithmetic, width: number, a: string, b: string, exact: boolean): string | undefined {
  if (!/^(?:0x[0-9a-f]+|\d+)(?:u|ull)?$/.test(b)) return undefined;
  const value = BigInt(b.replace(/u(?:ll)?$/, ''));
  if ((op === 'udiv' || op === 'urem') && value !== 0n) return `${atom(a)} ${op === 'udiv' ? '/' : '%'} ${b}`;
  if (value >= BigInt(width)) return undefined;
  if (op === 'lshr') return `${atom(a)} >> ${value}`;
  return op === 'shl' ? (exact ? `${atom(a)} << ${value}` : cut(`(${width <= INT ? 'uint32_t' : 'uint64_t'})${atom(a)} << ${value}`, width)) : undefined;
}

/** A word as a signed number. */
function signed(text: string, width: number, helpers: Helpers): string {
  return containerOf(width) === width ? `(${typeOf(width, true)})${atom(text)}` : `${helpers.use('sx', 64)}(${text}, ${width})`;
}

function extended(a: readonly Piece[], width: number, helpers: Helpers): readonly Piece[] {
  const top = a.at(-1);
  if (!top) throw new Unprintable('the sign of nothing');
  const filled = signed(top.text, top.width, helpers);
  const from = 64 * (a.length - 1);
  const high = Math.min(width - from, 64);
  const words = [...a.slice(0, -1), { text: cut(filled, high), width: high }];
  if (width - from <= 64) return words;
  return bitsOf([...words, ...Array.from({ length: Math.ceil((width - from - 64) / 64) }, () => ({ text: `(uint64_t)(${atom(filled)} < 0 ? -1 : 0)`, width: 64 }))], 0, width);
}

function joinedOf(pieces: readonly Piece[], helpers: Helpers): string {
  const [low, high, more] = pieces;
  if (more) throw new Unprintable('arithmetic on more than 128 bits');
  return low ? `${helpers.use('join', 128)}(${low.text}, ${high?.text ?? '0'})` : '0';
}

function wide(op: Operation, width: number, a: string, b: string, helpers: Helpers): string {
  const sign = SIGNS[op as Arithmetic];
  if (sign !== undefined) return `(${a} ${sign} ${b})`;
  if (op === 'neg') return `(-${a})`;
  const sx = (text: string): string => (width === 128 ? `(int128_t)${text}` : `${helpers.use('sx', 128)}(${text}, ${width})`);
  return `${helpers.use(op, 128)}(${SIGNED.has(op) ? sx(a) : a}, ${op === 'sdiv' || op === 'srem' ? sx(b) : b})`;
}

/** A comparison of two values of a width. */
export function comparison(op: Order, width: number, operands: readonly (readonly Piece[])[], helpers: Helpers): string {
  const [a = [], b = []] = operands;
  const isSigned = op === 'slt' || op === 'sle';
  const side = (pieces: readonly Piece[]): string => {
    if (width > 64) return isSigned ? `${helpers.use('sx', 128)}(${joinedOf(pieces, helpers)}, ${width})` : joinedOf(pieces, helpers);
    const text = pieces[0]?.text ?? '0';
    return isSigned ? atom(signed(text, width, helpers)) : atom(text);
  };
  return `${side(a)} ${ORDER_SIGNS[op]} ${side(b)}`;
}
