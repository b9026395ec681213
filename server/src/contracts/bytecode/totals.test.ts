import { expect, it } from 'vitest';
import { Evaluation } from '../terms/evaluate.ts';
import { Terms } from '../terms/terms.ts';
import { totalStays } from './totals.ts';
import { number, type Region, type Value } from './value.ts';

const terms = new Terms();
const [old, by] = [terms.input('old', 64), terms.input('by', 64)];
const at = (region: Region): Value => ({ ...number(terms.bits(1n, 64)), places: [{ region, offset: terms.bits(0n, 64), when: terms.yes }] });
const variable: Region = { kind: 'variable', map: { name: 'n', kind: 'array', keyBytes: 0, valueBytes: 8, entries: 1 } };

it('a total to which little is added does not run over; of much nothing is said', () => {
  const stays = totalStays(terms, at(variable), old, terms.arithmetic('add', old, by));
  const holds = (before: bigint, more: bigint): boolean | undefined => stays && new Evaluation(new Map([['old', before], ['by', more]])).holds(stays);
  expect([holds(5n, 1n), holds((1n << 63n) - 1n, 1n), holds((1n << 63n) - 1n, 1n << 50n)]).toEqual([true, false, true]);
});

it('what is no total of the program is left alone', () => {
  expect(totalStays(terms, at({ kind: 'own', name: 'frame 1' }), old, terms.arithmetic('add', old, by))).toBeUndefined();
  expect(totalStays(terms, at(variable), old, terms.arithmetic('sub', old, by))).toBeUndefined();
  expect(totalStays(terms, at(variable), old, terms.arithmetic('add', by, terms.bits(1n, 64)))).toBeUndefined();
});
