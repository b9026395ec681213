import { LineIndex } from '../base/line-index.ts';
import type { Position, Range } from '../base/range.ts';
import type { Finding } from '../checks/finding.ts';

/**
 * Findings about an older text at their places in a newer one. Those that touch what was changed are dropped: nobody
 * knows any more whether they hold.
 */
export function carryFindings(findings: readonly Finding[], older: string, newer: string): Finding[] {
  if (older === newer || findings.length === 0) return [...findings];
  const change = changed(older, newer);
  const from = new LineIndex(older);
  const to = new LineIndex(newer);
  const place = (position: Position, isEnd: boolean): Position | undefined => {
    const offset = from.offset(position);
    if (isEnd ? offset <= change.start : offset < change.start) return to.position(offset);
    if (isEnd ? offset > change.oldEnd : offset >= change.oldEnd) return to.position(offset + change.newEnd - change.oldEnd);
    return undefined;
  };
  const carry = (range: Range): Range | undefined => {
    const start = place(range.start, false);
    const end = place(range.end, true);
    const whole = from.offset(range.end) <= change.start || from.offset(range.start) >= change.oldEnd;
    return start && end && whole ? { start, end } : undefined;
  };
  return findings.flatMap((finding) => {
    const range = carry(finding.range);
    // Evidence and repairs were made for the older text.
    return range ? [{ ...finding, range, evidence: finding.evidence.map(({ message }) => ({ message })), repairs: [] }] : [];
  });
}

/** The one stretch outside of which two texts agree. */
function changed(older: string, newer: string): { start: number; oldEnd: number; newEnd: number } {
  const shorter = Math.min(older.length, newer.length);
  let start = 0;
  while (start < shorter && older[start] === newer[start]) start++;
  let same = 0;
  while (same < shorter - start && older[older.length - 1 - same] === newer[newer.length - 1 - same]) same++;
  return { start, oldEnd: older.length - same, newEnd: newer.length - same };
}
