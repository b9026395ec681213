import type { Terms } from './terms.ts';
import { widthOf, type Arithmetic, type Order, type Term } from './term.ts';

/** A simpler term of the same value; undefined when none is seen at once. Both are not constants. */
export function simplerArithmetic(terms: Terms, op: Arithmetic, a: Term, b: Term): Term | undefined {
  const width = widthOf(a);
  const same = a === b;
  const ones = (1n << BigInt(width)) - 1n;
  switch (op) {
    case 'add':
      if (a.value === 0n) return b;
      return b.value === 0n ? a : constantsTogether(terms, a, b);
    case 'sub':
      if (same) return terms.bits(0n, width);
      return b.value === 0n ? a : undefined;
    case 'mul':
      if (a.value !== undefined) return simplerArithmetic(terms, 'mul', b, a) ?? undefined;
      if (b.value === 0n) return b;
      return b.value === 1n ? a : ofChoice(terms, op, a, b);
    case 'and':
      if (same) return a;
      if (a.value !== undefined) return simplerArithmetic(terms, 'and', b, a);
      if (b.value === 0n) return b;
      return b.value === ones ? a : masked(terms, a, b);
    case 'or':
      if (same || b.value === 0n) return a;
      return a.value === 0n ? b : sideBySide(terms, a, b);
    case 'xor':
      if (same) return terms.bits(0n, width);
      if (b.value === 0n) return a;
      return a.value === 0n ? b : undefined;
    case 'shl':
    case 'lshr':
      return shifted(terms, op, a, b);
    case 'ashr':
      return b.value === 0n ? a : undefined;
    case 'udiv':
      return b.value === 1n ? a : ofChoice(terms, op, a, b);
    case 'urem':
      return b.value === 1n ? terms.bits(0n, width) : ofChoice(terms, op, a, b);
    case 'sdiv':
    case 'srem':
      return undefined;
  }
}

/** Of a constant or something else, with a constant: of the constant it is known. */
function ofChoice(terms: Terms, op: Arithmetic, a: Term, b: Term): Term | undefined {
  const [condition, then, otherwise] = a.args;
  if (b.value === undefined || a.op !== 'ite' || !condition || !then || !otherwise || (then.value === undefined && otherwise.value === undefined)) return undefined;
  return terms.ite(condition, terms.arithmetic(op, then, b), terms.arithmetic(op, otherwise, b));
}

/** `x + 1 + 2` is `x + 3`. */
function constantsTogether(terms: Terms, a: Term, b: Term): Term | undefined {
  if (a.value !== undefined) return constantsTogether(terms, b, a);
  const [x, known] = a.args;
  if (b.value === undefined || a.op !== 'add' || !x || known?.value === undefined) return undefined;
  return terms.arithmetic('add', x, terms.bits(known.value + b.value, widthOf(a)));
}

/** `x & 0xff`: the low bits, so that it is seen that the others are 0. */
function masked(terms: Terms, a: Term, b: Term): Term | undefined {
  const mask = b.value;
  if (mask === undefined || (mask & (mask + 1n)) !== 0n) return undefined;
  const bits = mask.toString(2).length;
  return terms.zext(terms.extract(a, 0, bits), widthOf(a));
}

/** A shift by a number is a piece of the value beside zeros: swaps of bytes become what they are. */
function shifted(terms: Terms, op: 'shl' | 'lshr', a: Term, b: Term): Term | undefined {
  if (b.value === undefined) return undefined;
  const width = widthOf(a);
  if (b.value === 0n) return a;
  if (b.value >= BigInt(width)) return terms.bits(0n, width);
  const by = Number(b.value);
  if (op === 'lshr') return terms.zext(terms.extract(a, by, width - by), width);
  return terms.concat([terms.extract(a, 0, width - by), terms.bits(0n, by)]);
}

/** `a | b` where at each place one of them is known to be 0. */
function sideBySide(terms: Terms, a: Term, b: Term): Term | undefined {
  const width = widthOf(a);
  const [left, right] = [layout(a), layout(b)];
  if (!left || !right) return undefined;
  const cuts = [...new Set([0, width, ...left.flatMap(bounds), ...right.flatMap(bounds)])].sort((x, y) => y - x);
  const parts: Term[] = [];
  for (const [n, high] of cuts.slice(0, -1).entries()) {
    const low = cuts[n + 1] ?? 0;
    const zero = (pieces: readonly Piece[]): boolean => !pieces.some((piece) => piece.low < high && piece.high > low);
    if (!zero(left) && !zero(right)) return undefined;
    parts.push(terms.extract(zero(left) ? b : a, low, high - low));
  }
  return terms.concat(parts);
}

interface Piece {
  readonly low: number;
  readonly high: number;
}

const bounds = ({ low, high }: Piece): readonly number[] => [low, high];

/** Where a term may have bits that are not 0; undefined when it is not made of pieces. */
function layout(term: Term): readonly Piece[] | undefined {
  const [inner] = term.args;
  if (inner && term.op === 'zext') return layout(inner) ?? [{ low: 0, high: widthOf(inner) }];
  if (term.op !== 'concat') return undefined;
  const pieces: Piece[] = [];
  let high = widthOf(term);
  for (const part of term.args) {
    const low = high - widthOf(part);
    if (part.value !== 0n) pieces.push({ low, high });
    high = low;
  }
  return pieces;
}

export function simplerOrder(terms: Terms, op: Order, a: Term, b: Term): Term | undefined {
  if (a === b) return terms.truth(op === 'ule' || op === 'sle');
  if (op === 'ult' && b.value === 0n) return terms.no;
  if (op === 'ule' && a.value === 0n) return terms.yes;
  return undefined;
}
