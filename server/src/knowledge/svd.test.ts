import { expect, it } from 'vitest';
import { sparseRows } from './rows.ts';
import { strongestDirections } from './svd.ts';

const breathe = (): Promise<void> => Promise.resolve();

it('finds the strongest directions, largest first, orthogonal, the same every time', async () => {
  // 3·(0.6, 0.8, 0) and 1·(0, 0, 1) in different rows; (−0.8, 0.6, 0) holds nothing.
  const rows = sparseRows([[[0, 1.8], [1, 2.4]], [[2, 1]]]);
  const { directions, values } = await strongestDirections(rows, 3, 2, breathe);
  expect([...values].map((x) => x.toFixed(3))).toEqual(['3.000', '1.000']);
  const column = (k: number): number[] => [0, 1, 2].map((i) => directions[i * 2 + k] ?? 0);
  expect(column(0).map((x) => Math.abs(x).toFixed(3))).toEqual(['0.600', '0.800', '0.000']);
  expect(column(1).map((x) => Math.abs(x).toFixed(3))).toEqual(['0.000', '0.000', '1.000']);
  expect((await strongestDirections(rows, 3, 2, breathe)).directions).toEqual(directions);
});

it('says which directions there are not', async () => {
  const { values, directions } = await strongestDirections(sparseRows([[[0, 1]], [[0, 2]]]), 2, 2, breathe);
  expect(values[0]).toBeCloseTo(Math.sqrt(5), 9);
  expect(values[1]).toBe(0);
  expect([...directions].every(Number.isFinite)).toBe(true);
});

it('reads nothing from nothing, and can be stopped', async () => {
  expect((await strongestDirections(sparseRows([]), 0, 2, breathe)).directions).toHaveLength(0);
  await expect(strongestDirections(sparseRows([[[0, 1]]]), 1, 1, () => Promise.reject(new Error('enough')))).rejects.toThrow('enough');
});
