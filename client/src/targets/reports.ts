/** What a program is worth on several targets, as lines of a list. Pure; `check.ts` shows it. */
import { plural, printable } from '../../../server/src/base/text.ts';
import type { Finding, TargetReport } from '../../../server/src/protocol.ts';

/** Characters of a line; what is longer goes on below it. */
const WIDTH = 68;

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
  const notes = differences.map((note): ReportLine => ({ icon: 'difference', ...wrapped(note) }));
  return [...reports.map((report) => ({ heading: printable(report.target), lines: linesOf(report) })), ...(notes.length > 0 ? [{ heading: 'where their kernels differ', lines: notes }] : [])];
}

/** `1 of 3 targets has errors`. */
export function verdictOf(reports: readonly TargetReport[]): string {
  const bad = reports.filter(({ findings }) => hasErrors(findings)).length;
  const unknown = reports.filter(({ findings, skipped }) => skipped.length > 0 && !hasErrors(findings)).length;
  const parts = [...(bad > 0 ? [`errors on ${bad}`] : []), ...(unknown > 0 ? [`not checked in full on ${unknown}`] : [])];
  return `${parts.length > 0 ? parts.join(', ') : 'accepted on all'} of ${plural(reports.length, 'target')}`;
}

function linesOf({ findings, skipped }: TargetReport): ReportLine[] {
  const found = findings.map((finding): ReportLine => {
    return { icon: finding.severity, ...wrapped(finding.message), description: `line ${finding.range.start.line + 1}`, range: finding.range };
  });
  // Behind an error the later checks have nothing to say.
  const left = hasErrors(findings) ? [] : skipped.map(({ check, reason }): ReportLine => ({ icon: 'skipped', ...wrapped(reason), description: `${check} did not run` }));
  const lines = [...found, ...left];
  return lines.length > 0 ? lines : [{ icon: 'passed', label: 'no problems' }];
}

function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/** A list's lines are not broken: as many words as fit, and below it the rest. */
function wrapped(text: string): { label: string; detail?: string } {
  const line = printable(text).replace(/\s+/g, ' ');
  if (line.length <= WIDTH) return { label: line };
  const at = line.lastIndexOf(' ', WIDTH);
  return at <= 0 ? { label: line } : { label: line.slice(0, at), detail: line.slice(at + 1) };
}
