import type { SparseRows } from './rows.ts';

/** Rounds of the power iteration: five settle the directions that matter for texts. */
const ROUNDS = 5;

/** Called between pieces of work of some milliseconds; a rejected promise ends the work. */
export type Breathe = () => Promise<void>;

export interface Factors {
  /** The directions side by side: `count` numbers for each column of the matrix. */
  readonly directions: Float64Array;
  /** How much of the matrix each direction holds, largest first. Zero: there is no further direction. */
  readonly values: Float64Array;
}

/**
 * The `count` strongest directions among the columns of a sparse matrix (its right singular vectors), by orthogonal iteration from a
 * fixed start: the same numbers every time. The method is that of Halko, Martinsson and Tropp (SIAM Review 53, 2011), without oversampling.
 */
export async function strongestDirections(matrix: SparseRows, columns: number, count: number, breathe: Breathe): Promise<Factors> {
  let directions = start(columns * count);
  let values = await orthonormalize(directions, count, breathe);
  for (let round = 0; round < ROUNDS; round++) {
    directions = await timesItself(matrix, directions, count, breathe);
    values = await orthonormalize(directions, count, breathe);
  }
  // Once more: where directions were nearly alike, one pass leaves them a little askew.
  await orthonormalize(directions, count, breathe);
  return { directions, values: values.map(Math.sqrt) };
}

/** Numbers between -0.5 and 0.5 of a linear congruential generator. */
function start(length: number): Float64Array {
  let seed = 12_345;
  return Float64Array.from({ length }, () => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32 - 0.5);
}

const ROWS_AT_ONCE = 512;

/** The matrix, transposed and not, times the directions. */
async function timesItself({ offsets, columns, values }: SparseRows, x: Float64Array, count: number, breathe: Breathe): Promise<Float64Array> {
  const product = new Float64Array(x.length);
  const row = new Float64Array(count);
  for (let r = 0; r + 1 < offsets.length; r++) {
    if (r % ROWS_AT_ONCE === 0) await breathe();
    const [from, to] = [offsets[r] ?? 0, offsets[r + 1] ?? 0];
    row.fill(0);
    for (let j = from; j < to; j++) addTimes(row, 0, x, (columns[j] ?? 0) * count, values[j] ?? 0, count);
    for (let j = from; j < to; j++) addTimes(product, (columns[j] ?? 0) * count, row, 0, values[j] ?? 0, count);
  }
  return product;
}

function addTimes(to: Float64Array, toAt: number, from: Float64Array, fromAt: number, factor: number, count: number): void {
  for (let k = 0; k < count; k++) to[toAt + k] = (to[toAt + k] ?? 0) + factor * (from[fromAt + k] ?? 0);
}

/** Makes the directions orthogonal and of unit length, in place; gives their lengths before. By Cholesky's factors of their products. */
async function orthonormalize(x: Float64Array, count: number, breathe: Breathe): Promise<Float64Array> {
  const upper = cholesky(await products(x, count, breathe), count);
  for (let at = 0; at < x.length; at += count) {
    if ((at / count) % ROWS_AT_ONCE === 0) await breathe();
    solveRow(x, at, upper, count);
  }
  return Float64Array.from({ length: count }, (_, k) => upper[k * count + k] ?? 0);
}

/** Each direction times each other; the upper half. */
async function products(x: Float64Array, count: number, breathe: Breathe): Promise<Float64Array> {
  const all = new Float64Array(count * count);
  for (let at = 0; at < x.length; at += count) {
    if ((at / count) % ROWS_AT_ONCE === 0) await breathe();
    for (let i = 0; i < count; i++) {
      const own = x[at + i] ?? 0;
      if (own !== 0) for (let j = i; j < count; j++) all[i * count + j] = (all[i * count + j] ?? 0) + own * (x[at + j] ?? 0);
    }
  }
  return all;
}

/** Below this share of the largest, a direction is made of rounding errors. */
const NOTHING = 1e-10;

/** The upper triangle R with RᵀR = the products; a direction that adds nothing has a zero on the diagonal. */
function cholesky(products: Float64Array, count: number): Float64Array {
  const r = products.slice();
  let largest = 0;
  for (let i = 0; i < count; i++) largest = Math.max(largest, products[i * count + i] ?? 0);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < i; k++) {
      const factor = r[k * count + i] ?? 0;
      if (factor !== 0) for (let j = i; j < count; j++) r[i * count + j] = (r[i * count + j] ?? 0) - factor * (r[k * count + j] ?? 0);
    }
    const pivot = r[i * count + i] ?? 0;
    const length = pivot > largest * NOTHING ? Math.sqrt(pivot) : 0;
    for (let j = i; j < count; j++) r[i * count + j] = length === 0 ? 0 : (r[i * count + j] ?? 0) / length;
  }
  return r;
}

/** Divides one row by the upper triangle. */
function solveRow(x: Float64Array, at: number, upper: Float64Array, count: number): void {
  for (let j = 0; j < count; j++) {
    const length = upper[j * count + j] ?? 0;
    const value = length === 0 ? 0 : (x[at + j] ?? 0) / length;
    x[at + j] = value;
    if (value !== 0) for (let k = j + 1; k < count; k++) x[at + k] = (x[at + k] ?? 0) - value * (upper[j * count + k] ?? 0);
  }
}
