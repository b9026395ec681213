import type { Span } from '../base/span.ts';
import type { IrProgram, IrStmt } from './ir/ir.ts';

/** Properties every program is expected to have; a clause of the user's has the property `contract`. */
export const BUILT_IN = ['div-by-zero', 'unsigned-underflow', 'absent-entry', 'out-of-bounds', 'network-order', 'address-families', 'lossy-cast', 'units'] as const;
export type Property = (typeof BUILT_IN)[number] | 'contract' | 'loop-bound';

/** A program as it is verified. */
export interface Translated {
  readonly program: IrProgram;
  /** What has no meaning here; what depends on it cannot be known. `handler`: the one it is in; absent when all are concerned. */
  readonly unsupported: readonly Unsupported[];
  /** What the verdicts rest on beside what all rest on, in words. */
  readonly assumptions: readonly { readonly span: Span; readonly text: string }[];
  /** What is to be run behind a handler's body, by its name, to have its result in the variable `RESULT`: nothing is proved of it. */
  readonly results?: ReadonlyMap<string, readonly IrStmt[]>;
}

/** The variable in which `results` leaves what a handler returns. */
export const RESULT = '%result';

export interface Unsupported {
  readonly span: Span;
  readonly handler?: string;
  /** `strings are not compared`: a clause for people. */
  readonly what: string;
  /** Only this is not known, at this place: it is not in the program, and the rest of the handler is. */
  readonly only?: { readonly property: Property; readonly says: string };
}

/** What is known of one property at one place. */
export interface Verdict {
  readonly property: string;
  /** The clause, or the expression a built-in property is about. */
  readonly span: Span;
  /** The condition in words. */
  readonly says: string;
  readonly result: Proved | Refuted | Unknown;
  /** Milliseconds from the beginning of the proof of what belongs together until this was known. */
  readonly ms?: number;
}

export interface Proved {
  readonly kind: 'proved';
  /** `always`: in each event alone, whatever the maps hold; `induction`: with what all events keep true of the maps (`invariants`, in words); `events`: in all sequences of `events` events or fewer, which is less than a proof. */
  readonly by: 'always' | 'induction' | 'events';
  readonly events?: number;
  readonly invariants: readonly string[];
  /** Rounds of loops that were looked at, when that is less than all. */
  readonly rounds?: number;
}

export interface Refuted {
  readonly kind: 'refuted';
  readonly counterexample: Counterexample;
}

export const UNKNOWN_REASONS = ['bound', 'time-out', 'contradictory', 'vacuous', 'unsupported', 'killed', 'crashed', 'incomplete', 'disagreement'] as const;
export interface Unknown {
  readonly kind: 'unknown';
  readonly reason: (typeof UNKNOWN_REASONS)[number];
  /** For people: what happened and what to do. */
  readonly detail: string;
  /** Events that were looked at without finding a violation. */
  readonly events?: number;
}

/** Events that break the condition when the program starts with empty maps; replayed with values. */
export interface Counterexample {
  readonly events: readonly CounterexampleEvent[];
  /** What came of having the real program do it; absent: nobody tried. */
  readonly real?: RealRun;
}

/** `ran`: it did the same on a machine. `not-possible`: nobody can give it these inputs. `no-machine`: there is none that could be asked. */
export interface RealRun {
  readonly outcome: 'ran' | 'not-possible' | 'no-machine';
  /** `XDP_DROP on local`, or why not: a clause for people. */
  readonly says: string;
}

export interface CounterexampleEvent {
  readonly handler: string;
  readonly span: Span;
  /** What it read, in the order of reading. */
  readonly inputs: readonly ShownValue[];
  /** The same as the interpreter is given it: by `readName`. */
  readonly reads: readonly (readonly [name: string, value: bigint])[];
  /** What was set and which way it went, in order; the last one of the last event is the violation. */
  readonly steps: readonly CounterexampleStep[];
}

export interface ShownValue {
  readonly name: string;
  readonly value: bigint;
  /** `0x5000`, `AF_INET6`, `-1`. */
  readonly text: string;
}

export interface CounterexampleStep extends ShownValue {
  readonly span: Span;
  /** Of the violation of a comparison, what the right side was: `80`, `< 80`. */
  readonly asserted?: string;
}
