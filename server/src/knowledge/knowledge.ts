import type { Language } from '../checks/program.ts';
import { SPEC_KINDS } from './schema.ts';

/** Everything that is searched. */
export const ITEM_KINDS = [...SPEC_KINDS, 'example'] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/**
 * One hit of a search, best first. `score`, 0 to 1, is how near it is to the question (cosine), how much of its
 * words it has and how much of it it covers, and whether a topic that the question is about names it; 1 when the question calls it by name.
 */
export interface SearchHit {
  /** As one would type it in a program: `tracepoint:sched:sched_switch`; an example's own id for examples. */
  readonly id: string;
  readonly kind: ItemKind;
  readonly score: number;
  readonly summary: string;
}

/** A described, checked program. */
export interface Example {
  readonly id: string;
  /** A heading for lists, at most 60 characters. */
  readonly title?: string;
  /** Its folder: `files`, `net`, … */
  readonly area?: string;
  readonly description: string;
  readonly also: readonly string[];
  readonly tags: readonly string[];
  readonly language: Language;
  readonly text: string;
  /** Oldest kernel it was written for, as `5.15`. */
  readonly kernelMin: string;
  /** What the kernel must offer: `kprobe`, `fentry`, … */
  readonly needs: readonly string[];
  /** Oldest bpftrace that understands it; absent when any does, and for BPF C. */
  readonly bpftraceMin?: string;
  /** What one sees when it runs: `lines`, `maps`, … */
  readonly prints: string;
  readonly notes: string;
  /** Shell commands that make it print, one a line. */
  readonly workload?: readonly string[];
}

/** The local memory: specs and examples with an index over them. */
export interface Knowledge {
  /** At most `k` (1 to 1,000), best first, no item twice. Empty when no word of the query is known. Bounded time for any query. */
  search(query: string, options: { k: number; kinds?: readonly ItemKind[] }): Promise<readonly SearchHit[]>;
  /**
   * How much of what the query asks for this example is about, 0 to 1: the share of the query's telling
   * words (rare ones weigh more, unknown ones most) that the example has, in its or in everyday words.
   * A cosine alone cannot say "nothing fits": something is always nearest.
   */
  coverage(query: string, exampleId: string): number;
  example(id: string): Example | undefined;
  /** The spec's record as it stands in knowledge/specs, for prompts. */
  spec(id: string): Readonly<Record<string, unknown>> | undefined;
  /** Which index answers: `hnsw`, or `exact` where the native module does not load. */
  readonly index: 'hnsw' | 'exact';
}
