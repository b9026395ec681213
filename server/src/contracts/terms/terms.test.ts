import { describe, expect, it } from 'vitest';
import { wrap } from './bits.ts';
import { Evaluation, type Value } from './evaluate.ts';
import { naive, TermGenerator } from './generate.test-support.ts';
import { Terms } from './terms.ts';
import type { Arithmetic, Term } from './term.ts';

const terms = new Terms();
const x = terms.input('x', 16);
const bits = (value: number, width = 16): Term => terms.bits(BigInt(value), width);
const arithmetic = (op: Arithmetic, a: Term, b: Term): Term => terms.arithmetic(op, a, b);
const swap = (a: Term): Term => arithmetic('or', arithmetic('shl', a, bits(8)), arithmetic('lshr', a, bits(8)));

describe('equal terms are the same object', () => {
  it.each<[string, Term, Term]>([
    ['built twice', arithmetic('add', x, bits(1)), arithmetic('add', x, bits(1))],
    ['bytes swapped twice', swap(swap(x)), x],
    ['a mask and a cut', arithmetic('and', x, bits(0xff)), terms.zext(terms.extract(x, 0, 8), 16)],
    ['halves put together', terms.concat([terms.extract(x, 8, 8), terms.extract(x, 0, 8)]), x],
    ['constants added', arithmetic('add', arithmetic('add', x, bits(3)), bits(4)), arithmetic('add', x, bits(7))],
    ['widened and cut', terms.extract(terms.zext(x, 64), 0, 16), x],
    ['above what was widened', terms.extract(terms.zext(x, 64), 16, 16), bits(0)],
    ['equal to itself', terms.eq(x, x), terms.yes],
    ['a widened value and a constant too big for it', terms.eq(terms.zext(x, 32), terms.bits(0x10000n, 32)), terms.no],
    ['a contradiction', terms.all([terms.eq(x, bits(1)), terms.negate(terms.eq(x, bits(1)))]), terms.no],
    ['read what was just written', terms.select(terms.store(terms.filled({ key: 16, value: 8 }, bits(0, 8)), x, bits(5, 8)), x), bits(5, 8)],
    ['read beside what was written', terms.select(terms.store(terms.filled({ key: 16, value: 8 }, bits(0, 8)), bits(1), bits(5, 8)), bits(2)), bits(0, 8)],
  ])('%s', (_, a, b) => expect(a).toBe(b));
});

it('computes as the kernel does, at the edges', () => {
  const of = (term: Term): bigint => new Evaluation(new Map()).of(term);
  expect([
    of(arithmetic('sub', bits(1), bits(2))),
    of(arithmetic('sdiv', bits(-7), bits(2))),
    of(arithmetic('srem', bits(-7), bits(2))),
    of(arithmetic('udiv', bits(7), bits(0))),
    of(arithmetic('ashr', bits(-8), bits(100))),
    of(arithmetic('shl', bits(1), bits(16))),
    of(terms.sext(bits(0x80, 8), 16)),
  ]).toEqual([0xffffn, 0xfffdn, 0xffffn, 0xffffn, 0xffffn, 0n, 0xff80n]);
});

it('refuses what has no meaning', () => {
  expect(() => arithmetic('add', x, bits(1, 8))).toThrow('add of 16 and 8 bits');
  expect(() => terms.extract(x, 8, 16)).toThrow('bits 8 to 24 of 16');
  expect(() => terms.eq(x, terms.yes)).toThrow('16 is compared with bool');
});

it('a term and its simpler form have the same value, whatever the inputs', () => {
  const random = new TermGenerator(7);
  for (let n = 0; n < 3000; n++) {
    const made = random.term();
    const given = random.inputs();
    expect([n, new Evaluation(given).of(made.term)]).toEqual([n, naive(made.recipe, given)]);
  }
});

it('reads arrays as they were written', () => {
  const own = new Terms();
  const array = own.input('a', { key: 8, value: 8 });
  const key = own.input('k', 8);
  const written = own.store(own.store(array, own.bits(3n, 8), own.bits(30n, 8)), key, own.bits(9n, 8));
  const given = (k: bigint): Map<string, Value> => new Map<string, Value>([['a', { rest: 1n, at: new Map([[4n, 40n]]) }], ['k', k]]);
  const read = (k: bigint, at: bigint): bigint => new Evaluation(given(k)).of(own.select(written, own.bits(at, 8)));
  expect([read(0n, 3n), read(3n, 3n), read(0n, 4n), read(0n, 5n), read(0n, 0n)]).toEqual([30n, 9n, 40n, 1n, 9n]);
});

it('does not overflow the stack on deep terms', () => {
  const own = new Terms();
  let sum = own.input('start', 64);
  for (let n = 0; n < 20_000; n++) sum = own.arithmetic('add', own.arithmetic('xor', sum, own.bits(3n, 64)), own.bits(1n, 64));
  expect(new Evaluation(new Map([['start', 1n]])).of(sum)).toBe(wrap([...Array(20_000).keys()].reduce((value) => wrap((value ^ 3n) + 1n, 64), 1n), 64));
});
