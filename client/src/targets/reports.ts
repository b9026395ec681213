/** What a program is worth on several targets, as lines of a list. Pure; `check.ts` shows it. */
import { plural, printable } from '../../../server/src/base/text.ts';
import type { Finding, TargetReport } from '../../../server/src/protocol.ts';

export interface ReportLine {
  readonly icon: 'passed' | 'error' | 'warning' | 'info' | 'skipped' | 'difference';
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly range?: Finding['range'];
}

/** Lines below a heading: a target's name, or what the targets differ in. */
export interface ReportGroup {
  readonly heading: string;
  readonly lines: readonly ReportLine[];
}

export function groupsOf(reports: readonly TargetReport[], differences: readonly string[]): readonly ReportGroup[] {
  const notes = differences.map((note): ReportLine => ({ icon: 'difference', label: printable(note) }));
  return [...reports.map((report) => ({ heading: printable(report.target), lines: linesOf(report) })), ...(notes.length > 0 ? [{ heading: 'where their kernels differ', lines: notes }] : [])];
}

/** `1 of 3 targets has errors`. */
export function verdictOf(reports: readonly TargetReport[]): string {
  const bad = reports.filter(({ findings }) => findings.some(({ severity }) => severity === 'error')).length;
  const unknown = reports.filter(({ findings, skipped }) => skipped.length > 0 && !findings.some(({ severity }) => severity === 'error')).length;
  const parts = [...(bad > 0 ? [`errors on ${bad}`] : []), ...(unknown > 0 ? [`not checked in full on ${unknown}`] : [])];
  return `${parts.length > 0 ? parts.join(', ') : 'accepted on all'} of ${plural(reports.length, 'target')}`;
}

function linesOf({ findings, skipped }: TargetReport): ReportLine[] {
  const found = findings.map((finding): ReportLine => {
    const [first = '', ...more] = printable(finding.message).split('\n');
    return { icon: finding.severity, label: first, description: `${finding.check}, line ${finding.range.start.line + 1}`, ...(more.length > 0 ? { detail: more.join(' ') } : {}), range: finding.range };
  });
  const left = skipped.map(({ check, reason }): ReportLine => ({ icon: 'skipped', label: printable(reason).replaceAll('\n', ' '), description: `${check} did not run` }));
  const lines = [...found, ...left];
  return lines.length > 0 ? lines : [{ icon: 'passed', label: 'no problems' }];
}
