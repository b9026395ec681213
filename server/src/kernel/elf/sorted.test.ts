import { expect, it } from 'vitest';
import { runAtOnce } from '../turns.ts';
import { sorted } from './sorted.ts';

it.each([0, 1, 3999, 4001, 25_000])('%d names, in the order that sort gives them', (count) => {
  const names = Array.from({ length: count }, (_, i) => `f${Math.imul(i, 2_654_435_761) >>> 12}`);
  expect(runAtOnce(sorted(names))).toEqual(names.toSorted());
});
