import type { Position, Range } from '../base/range.ts';
import type { Finding, Repair } from './finding.ts';

/** The edits of all sure repairs that do not get in each other's way, by place. A finding's first sure repair counts. */
export function sureEdits(findings: readonly Finding[]): Repair['edits'] {
  const taken: { readonly range: Range; readonly newText: string }[] = [];
  for (const finding of findings) {
    const repair = finding.repairs.find((r) => r.sure);
    if (repair && !repair.edits.some((edit) => taken.some((other) => collide(edit.range, other.range)))) taken.push(...repair.edits);
  }
  return taken.toSorted((a, b) => order(a.range.start, b.range.start));
}

/** The same place twice collides too: two texts put there could not be told apart. */
function collide(a: Range, b: Range): boolean {
  if (order(a.start, b.start) === 0) return true;
  return order(a.start, b.end) < 0 && order(b.start, a.end) < 0;
}

function order(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character;
}
