import type { randomly } from '../mutate.ts';

/** The types a generated program works with. */
export type Kind = 'int' | 'string' | 'task' | 'bool' | 'stack' | 'symbol' | 'tuple' | 'address' | 'record' | 'bytes';

/** A program being made. The same seed makes the same program. */
export interface Generator {
  readonly random: ReturnType<typeof randomly>;
  /** Constructs of the newest bpftrace may be used; otherwise only what 0.17 has. */
  readonly newest: boolean;
  /** Variables in scope, outer blocks first. */
  readonly scopes: Variable[][];
  /** Maps of the whole program with the types they keep. */
  readonly maps: ProgramMap[];
  /** What the probe hands over. */
  args: readonly Field[];
  /** Stacks may be used. */
  stacks: boolean;
  /** Numbers the places where an expression of some type is wanted. */
  site: number;
  /** At this place an expression of another type is put. */
  readonly fault: number | undefined;
  names: number;
}

export interface Variable {
  readonly name: string;
  readonly kind: Kind;
}

export interface Field {
  readonly name: string;
  readonly kind: Kind;
}

export interface ProgramMap {
  readonly name: string;
  readonly keys: readonly Kind[];
  readonly value: Kind | Aggregation;
}

export type Aggregation = 'count' | 'sum' | 'min' | 'max' | 'avg' | 'stats' | 'hist' | 'lhist';

export function chance(g: Generator, percent: number): boolean {
  return g.random(100) < percent;
}

export function pick<T>(g: Generator, from: readonly [T, ...T[]]): T {
  return from[g.random(from.length)] ?? from[0];
}

/** One of several, if there are any. */
export function pickAny<T>(g: Generator, from: readonly T[]): T | undefined {
  return from[g.random(Math.max(1, from.length))];
}

export function freshName(g: Generator, prefix: string): string {
  return `${prefix}${'abcdefghijklmnopqrstuvwxyz'[g.names % 26] ?? ''}${Math.floor(g.names++ / 26) || ''}`;
}
