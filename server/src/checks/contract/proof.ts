import type { LineIndex } from '../../base/line-index.ts';
import type { Range } from '../../base/range.ts';
import { CONSTANTS } from '../../contracts/language/functions.ts';
import type { Counterexample as FlatCounterexample } from '../finding.ts';
import type { Counterexample, Proved, RealRun, ShownValue, Unknown, Verdict } from '../../contracts/verdict.ts';

/** A verdict as every surface shows it: plain data that goes over the wire. */
export interface Proof {
  /** `contract` for a clause of the user's. */
  readonly property: string;
  readonly range: Range;
  /** The condition in words. */
  readonly says: string;
  readonly verdict: 'proved' | 'refuted' | 'unknown';
  /** Of what is proved. */
  readonly by?: Proved['by'];
  /** What all events keep true, on which the proof rests. */
  readonly invariants: readonly string[];
  readonly rounds?: number;
  /** Of what is unknown. */
  readonly reason?: Unknown['reason'];
  /** For people: what happened and what to do. */
  readonly detail?: string;
  /** Events that were looked at without finding a violation: of what is unknown, and of what is proved by that alone. */
  readonly events?: number;
  readonly counterexample?: ProofCounterexample;
  /** Milliseconds until it was known, from when those it belongs to were begun. */
  readonly ms?: number;
}

export interface ProofCounterexample {
  readonly events: readonly ProofEvent[];
  /** What came of having the real program do it; absent: nobody tried. */
  readonly real?: RealRun;
}

/** A probe or function that runs once. */
export interface ProofEvent {
  readonly handler: string;
  readonly range: Range;
  /** What it reads, in the order of reading. */
  readonly inputs: readonly ProofValue[];
  readonly steps: readonly ProofStep[];
}

export interface ProofStep extends ProofValue {
  readonly range: Range;
  /** Of the violation of a comparison, what the right side was: `80`, `< 80`. */
  readonly asserted?: string;
}

export interface ProofValue {
  readonly name: string;
  /** A number where one fits, else its decimals. */
  readonly value: number | string;
  /** `0x5000`, `AF_INET6`, `-1`. */
  readonly text: string;
}

/** Verdicts with places as positions, by place. */
export function proofsOf(verdicts: readonly Verdict[], lines: LineIndex): Proof[] {
  return verdicts.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end).map((verdict) => proofOf(verdict, lines));
}

function proofOf({ property, span, says, result, ms }: Verdict, lines: LineIndex): Proof {
  const about = { property, range: lines.range(span), says, verdict: result.kind, ...(ms === undefined ? {} : { ms }), invariants: result.kind === 'proved' ? result.invariants : [] };
  switch (result.kind) {
    case 'proved':
      return { ...about, by: result.by, ...(result.rounds === undefined ? {} : { rounds: result.rounds }), ...(result.events === undefined ? {} : { events: result.events }) };
    case 'refuted':
      return { ...about, counterexample: placed(result.counterexample, lines) };
    case 'unknown':
      return { ...about, reason: result.reason, detail: result.detail, ...(result.events === undefined ? {} : { events: result.events }) };
  }
}

function placed({ events, real }: Counterexample, lines: LineIndex): ProofCounterexample {
  return {
    ...(real && { real }),
    events: events.map(({ handler, span, inputs, steps }) => ({
      handler,
      range: lines.range(span),
      // That memory can be read where it is read goes without saying.
      inputs: inputs.filter(({ name, value }) => value === 0n || !/^(?:readable|writable)\(/.test(name)).map(plain),
      steps: steps.map((step) => ({ ...plain(step), range: lines.range(step.span), ...(step.asserted === undefined ? {} : { asserted: step.asserted }) })),
    })),
  };
}

function plain({ name, value, text }: ShownValue): ProofValue {
  const fits = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return { name, value: fits ? Number(value) : value.toString(), text: FAMILY.test(name) ? (FAMILIES.get(value) ?? text) : text };
}

/** Numbers that nobody knows by heart. */
const FAMILY = /(?:^|[^A-Za-z])(?:\w*_)?family$/;
const FAMILIES = new Map(Object.entries(CONSTANTS).flatMap(([name, value]) => (name.startsWith('AF_') ? [[value, name] as const] : [])));

/** How many of each kind. */
export interface Tally {
  readonly proved: number;
  readonly refuted: number;
  readonly unknown: number;
}

export function tally(proofs: readonly Proof[]): Tally {
  const count = (kind: Proof['verdict']): number => proofs.filter(({ verdict }) => verdict === kind).length;
  return { proved: count('proved'), refuted: count('refuted'), unknown: count('unknown') };
}

/** As every finding's counterexample looks. Inputs of several events are told apart by their number; which way a branch went has no name. */
export function flatCounterexample(says: string, { events }: ProofCounterexample): FlatCounterexample {
  const inputs = events.flatMap((event, i) => event.inputs.map(({ name, value }): [string, string | number] => [events.length > 1 ? `${i + 1}. ${name}` : name, value]));
  const path = events.flatMap(({ steps }) => steps.map(({ name, value, range }) => ({ range, values: name === '' ? {} : { [name]: value } })));
  return { inputs: Object.fromEntries(inputs), path, violated: says };
}
