/** Width in bits of a bit-vector, a truth value, or an array from bit-vectors of `key` bits to values. */
export type Sort = number | 'bool' | ArraySort;

export interface ArraySort {
  readonly key: number;
  readonly value: number | 'bool';
}

/** Operations on bit-vectors that give one of the same width; the names are SMT-LIB's without `bv`. */
export const ARITHMETIC = ['add', 'sub', 'mul', 'udiv', 'urem', 'sdiv', 'srem', 'and', 'or', 'xor', 'shl', 'lshr', 'ashr'] as const;
export type Arithmetic = (typeof ARITHMETIC)[number];

/** Comparisons of bit-vectors. */
export const ORDER = ['ult', 'ule', 'slt', 'sle'] as const;
export type Order = (typeof ORDER)[number];

export type Op =
  | 'const' | 'input'
  | Arithmetic | 'not' | 'neg' | 'concat' | 'extract' | 'zext' | 'sext'
  | Order | 'eq'
  | 'conj' | 'disj' | 'negate'
  | 'ite'
  | 'select' | 'store' | 'filled';

/**
 * A value that depends on inputs. Made by `Terms` only: equal terms are the same object, so that a field read twice is one
 * value and comparing is by identity.
 */
export interface Term {
  readonly op: Op;
  /** Counts up in the order of making: arguments have smaller ones. */
  readonly id: number;
  readonly sort: Sort;
  readonly args: readonly Term[];
  /** Of a constant; unsigned, truth as 1n and 0n. */
  readonly value?: bigint;
  /** Of an input. */
  readonly name?: string;
  /** Of `extract`: the lowest bit taken. */
  readonly low?: number;
}

export function sortText(sort: Sort): string {
  return typeof sort === 'object' ? `${sort.key}>${sort.value}` : String(sort);
}

/** The width of a bit-vector. Throws for a truth value or an array: a defect of the caller. */
export function widthOf(term: Term): number {
  if (typeof term.sort !== 'number') throw new TypeError(`a bit-vector was expected, not ${sortText(term.sort)}`);
  return term.sort;
}

export function isTrue(term: Term): boolean {
  return term.sort === 'bool' && term.value === 1n;
}

export function isFalse(term: Term): boolean {
  return term.sort === 'bool' && term.value === 0n;
}
