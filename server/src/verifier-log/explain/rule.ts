import type { Need, RejectionClass } from './need.ts';
import type { Situation } from './situation.ts';
import { placeAt } from './situation.ts';
import type { SourcePlace } from './source.ts';

/** A line of the explanation: where, and what happened there. */
export interface Note {
  readonly place: SourcePlace;
  readonly note: string;
}

/** What a rule finds out; the places it leaves out are the rejected instruction's. */
export interface Draft {
  readonly class: RejectionClass;
  /** One sentence: what is wrong and what to do. */
  readonly message: string;
  readonly need: Need;
  readonly cause?: SourcePlace;
  readonly rejected?: SourcePlace;
  /** Words about the rejected instruction. */
  readonly rejectedNote?: string;
  readonly established?: Note;
  readonly lost?: Note;
  readonly trail?: readonly Note[];
}

/** A message of the verifier and what it means. `explain` may find that the message means something another rule knows. */
export interface Rule {
  readonly pattern: RegExp;
  readonly explain: (s: Situation, m: RegExpExecArray) => Draft | undefined;
}

/** A rule whose finding sits on the rejected instruction. */
export function plainRule(pattern: RegExp, of: (m: RegExpExecArray, s: Situation) => Omit<Draft, 'need'> & { readonly need?: Need }): Rule {
  return { pattern, explain: (s, m) => ({ need: { kind: 'other' }, ...of(m, s) }) };
}

export function noteAt(s: Situation, position: number, note: string): Note {
  return { place: placeAt(s, position), note };
}
