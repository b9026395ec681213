import { LineIndex } from '../base/line-index.ts';
import type { Position, Range } from '../base/range.ts';
import type { Finding, Repair } from './finding.ts';

/** A text with a repair's edits applied. */
export function repaired(text: string, { edits }: Pick<Repair, 'edits'>): string {
  const lines = new LineIndex(text);
  let result = '';
  let at = 0;
  for (const { range, newText } of edits.toSorted((a, b) => order(a.range.start, b.range.start))) {
    const { start, end } = lines.span(range);
    result += text.slice(at, start) + newText;
    at = end;
  }
  return result + text.slice(at);
}

/** The repair of a finding that may be done unasked: the only one that is sure. Where there is a choice, it is a person's. */
export function sureRepair({ repairs }: Finding): Repair | undefined {
  const sure = repairs.filter((repair) => repair.sure);
  return sure.length === 1 ? sure[0] : undefined;
}

/** The edits of all sure repairs that do not get in each other's way, by place. */
export function sureEdits(findings: readonly Finding[]): Repair['edits'] {
  const taken: { readonly range: Range; readonly newText: string }[] = [];
  for (const finding of findings) {
    const repair = sureRepair(finding);
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
