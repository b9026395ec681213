import type { Explanation } from '../../verifier-log/explain/explain.ts';
import type { Need } from '../../verifier-log/explain/need.ts';
import type { CFunction, CNode, CSource } from './c-source.ts';
import type { Candidate } from './edit.ts';

/** A field that the kernel's type has. */
export interface KernelMember {
  readonly name: string;
  /** Its type in C, where it is a plain number. */
  readonly number?: string;
}

/** What is known of the target, as far as a repair's choice depends on it. */
export interface RepairContext {
  /** Whether the kernel has a function programs may call, a kfunc; unknown counts as no. */
  readonly kfunc?: (name: string) => boolean;
  /** Kernel functions with a name near one that it does not have. */
  readonly nearKfuncs?: (name: string) => readonly string[];
  /** Fields near the last of a path that `struct x` does not have, best first. */
  readonly members?: (type: string, path: readonly string[]) => readonly KernelMember[];
  /** Names near one that the kernel does not have, best first: for the kind of section (`tp_btf`) and the parts behind it. */
  readonly similar?: (kind: string, parts: readonly string[]) => readonly string[];
}

/** All a rule may look at. */
export interface RepairSituation<N extends Need = Need> {
  readonly explanation: Explanation;
  readonly need: N;
  readonly source: CSource;
  readonly context: RepairContext;
  /** The function the cause stands in, else the rejected one's. */
  readonly fn: CFunction;
  readonly cause: CNode;
  readonly rejected: CNode;
  /** The function that the rejected line stands in. */
  readonly rejectedFn: CFunction;
}

/** Repairs for one kind of need, the best first. */
export type RepairRule<N extends Need = Need> = (s: RepairSituation<N>) => readonly Candidate[];

export type NeedOf<K extends Need['kind']> = Extract<Need, { kind: K }>;
