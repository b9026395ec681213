import type { Position, Range } from '../base/range.ts';
import type { Finding } from '../checks/finding.ts';

/** A finding of a text as it is where lines were put in. `inserted`: their 0-based numbers in the new text, in any order. */
export function movedBehind(found: Finding, inserted: readonly number[]): Finding {
  const lines = [...new Set(inserted)].toSorted((a, b) => a - b);
  const line = (old: number): number => lines.reduce((now, at) => (at <= now ? now + 1 : now), old);
  const position = ({ line: old, character }: Position): Position => ({ line: line(old), character });
  const range = ({ start, end }: Range): Range => ({ start: position(start), end: position(end) });
  return {
    ...found,
    range: range(found.range),
    evidence: found.evidence.map((one) => ({ ...one, ...(one.range && { range: range(one.range) }) })),
    repairs: found.repairs.map((repair) => ({ ...repair, edits: repair.edits.map((edit) => ({ ...edit, range: range(edit.range) })) })),
    ...(found.counterexample && { counterexample: { ...found.counterexample, path: found.counterexample.path.map((step) => ({ ...step, range: range(step.range) })) } }),
  };
}
