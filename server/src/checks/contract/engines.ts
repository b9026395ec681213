import type { Verdict } from '../../contracts/verdict.ts';

/**
 * Two engines' verdicts as one: what one of them knows counts, what they see differently is unknown. A proof of unrolled events alone (SeaHorn) does not
 * turn "unknown for want of an invariant" into a proof.
 */
export function compared(own: readonly Verdict[], other: readonly Verdict[]): Verdict[] {
  const theirs = new Map(other.map((verdict) => [keyOf(verdict), verdict]));
  return own.map((verdict) => {
    const second = theirs.get(keyOf(verdict));
    return second ? merged(verdict, second) : verdict;
  });
}

const keyOf = ({ property, span }: Verdict): string => `${property} ${span.start} ${span.end}`;

function merged(own: Verdict, other: Verdict): Verdict {
  const [mine, theirs] = [own.result.kind, other.result.kind];
  if (mine !== 'unknown' && theirs !== 'unknown' && mine !== theirs && !tooFewEvents(own, other)) {
    const detail = `Z3 says ${mine}, SeaHorn says ${theirs}: one of them is wrong. Please report this program.`;
    return { ...own, result: { kind: 'unknown', reason: 'disagreement', detail } };
  }
  return mine === 'unknown' && theirs === 'refuted' ? other : own;
}

/** Whether the other engine looked at fewer events than it takes to break the condition. */
function tooFewEvents({ result: own }: Verdict, { result: other }: Verdict): boolean {
  return own.kind === 'refuted' && other.kind === 'proved' && other.by === 'events' && (other.events ?? 0) < own.counterexample.events.length;
}
