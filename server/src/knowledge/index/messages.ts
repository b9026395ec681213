import type { Item } from '../items.ts';
import type { BuildProgress } from './build-part.ts';

/** What a thread builds. */
export type Job = {
  readonly out: string;
  /** Hash of what it is built from. */
  readonly source: string;
} & (
  | { /** What is described, out of the records of another index. */ readonly kind: 'described'; readonly records: string }
  | { /** Items that are sent, by what the index in `own` learned. */ readonly kind: 'further'; readonly own: string; /** How many there will be, about. */ readonly total: number }
  | { /** Vectors that are there. */ readonly kind: 'vectors'; readonly embedder: string; readonly dimensions: number; readonly data: Int8Array; readonly scales: Float32Array }
);

export type ToIndexThread = { /** The last ones when there are none. */ readonly items: readonly Item[] };

export type FromIndexThread =
  | { readonly kind: 'more' }
  | { readonly kind: 'progress'; readonly progress: BuildProgress }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly code?: string; readonly message: string };
