import type { Finding, Repair } from './finding.ts';
import { repaired } from './repairs.ts';

/** Judges another text as the program's own: its syntax and its semantics. */
export type JudgeText = (text: string) => Promise<readonly Finding[]>;

/** Repairs that are tried for one answer; each costs an analysis. */
const MAX_TRIED = 24;

/**
 * Findings whose repairs say whether they are sure: the repaired text was judged again, the finding is gone, and there
 * is no new error. Findings of other checks and repairs beyond the first two dozen stay as they are.
 */
export async function proved(text: string, findings: readonly Finding[], judge: JudgeText): Promise<readonly Finding[]> {
  if (findings.every(({ repairs }) => repairs.length === 0)) return findings;
  const before = countsOf(await judge(text));
  let tried = 0;
  const result: Finding[] = [];
  for (const finding of findings) {
    const repairs: Repair[] = [];
    for (const repair of finding.repairs) {
      const sure = !repair.sure && tried++ < MAX_TRIED ? mends(finding, before, countsOf(await judge(repaired(text, repair)))) : repair.sure;
      repairs.push({ ...repair, sure });
    }
    result.push(finding.repairs.length === 0 ? finding : { ...finding, repairs });
  }
  return result;
}

type Counts = ReadonlyMap<string, { readonly count: number; readonly error: boolean }>;

/** Places move with a repair: what is said, and how often, is compared instead. */
function countsOf(findings: readonly Finding[]): Counts {
  const counts = new Map<string, { count: number; error: boolean }>();
  for (const finding of findings) {
    const key = keyOf(finding);
    counts.set(key, { count: (counts.get(key)?.count ?? 0) + 1, error: finding.severity === 'error' });
  }
  return counts;
}

function keyOf({ check, code, message }: Finding): string {
  return `${check}/${code}: ${message}`;
}

function mends(finding: Finding, before: Counts, after: Counts): boolean {
  const key = keyOf(finding);
  const gone = (after.get(key)?.count ?? 0) < (before.get(key)?.count ?? 0);
  return gone && [...after].every(([name, { count, error }]) => !error || count <= (before.get(name)?.count ?? 0));
}
