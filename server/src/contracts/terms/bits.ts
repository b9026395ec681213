import type { Arithmetic, Order } from './term.ts';

/** Arithmetic on unsigned numbers of a width, as SMT-LIB's theory of fixed-size bit-vectors defines it. */
export function compute(op: Arithmetic, a: bigint, b: bigint, width: number): bigint {
  return wrap(operations[op](a, b, width), width);
}

export function compare(op: Order, a: bigint, b: bigint, width: number): boolean {
  const signed = op === 'slt' || op === 'sle';
  const [x, y] = signed ? [toSigned(a, width), toSigned(b, width)] : [a, b];
  return op === 'ult' || op === 'slt' ? x < y : x <= y;
}

export function wrap(value: bigint, width: number): bigint {
  return BigInt.asUintN(width, value);
}

export function toSigned(value: bigint, width: number): bigint {
  return BigInt.asIntN(width, value);
}

/** A shift by the width or more leaves nothing (or only the sign), and must not ask for a number of 2^64 bits. */
const operations: Readonly<Record<Arithmetic, (a: bigint, b: bigint, width: number) => bigint>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  udiv: (a, b, width) => (b === 0n ? wrap(-1n, width) : a / b),
  urem: (a, b) => (b === 0n ? a : a % b),
  sdiv: (a, b, width) => (b === 0n ? (toSigned(a, width) < 0n ? 1n : -1n) : toSigned(a, width) / toSigned(b, width)),
  srem: (a, b, width) => (b === 0n ? a : toSigned(a, width) % toSigned(b, width)),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b, width) => (b >= BigInt(width) ? 0n : a << b),
  lshr: (a, b, width) => (b >= BigInt(width) ? 0n : a >> b),
  ashr: (a, b, width) => toSigned(a, width) >> (b >= BigInt(width) ? BigInt(width) : b),
};
