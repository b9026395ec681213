import type { Language } from '../checks/program.ts';

export type SpecKind = 'attach-point' | 'helper' | 'bpftrace' | 'field';
export type ItemKind = SpecKind | 'example';

/** One hit of a search, best first. `score` is a cosine similarity, -1 to 1. */
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
  readonly description: string;
  readonly also: readonly string[];
  readonly tags: readonly string[];
  readonly language: Language;
  readonly text: string;
  readonly needs: readonly string[];
  readonly notes: string;
}

/** The local memory: specs and examples with an index over them. */
export interface Knowledge {
  search(query: string, options: { k: number; kinds?: readonly ItemKind[] }): Promise<readonly SearchHit[]>;
  example(id: string): Example | undefined;
  /** The spec's record as it stands in knowledge/specs, for prompts. */
  spec(id: string): Readonly<Record<string, unknown>> | undefined;
  /** Which index answers: `hnsw`, or `exact` where the native module does not load. */
  readonly index: 'hnsw' | 'exact';
}
