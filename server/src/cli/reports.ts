import { hasErrors } from '../checks/finding.ts';
import type { CheckReport } from '../checks/pipeline.ts';
import { EXIT } from './command.ts';

/** Errors of checks that ran count as found; when nothing was found and something did not run, nothing is known. */
export function exitOf(reports: readonly CheckReport[]): number {
  if (reports.some((r) => r.skipped === undefined && hasErrors(r.findings))) return EXIT.found;
  return reports.length === 0 || reports.some((r) => r.skipped !== undefined) ? EXIT.couldNotRun : EXIT.fine;
}

/** The checks that did not run, and why. */
export function skippedOf(reports: readonly CheckReport[]): { check: string; reason: string }[] {
  return reports.flatMap((r) => (r.skipped === undefined ? [] : [{ check: r.check, reason: r.skipped }]));
}
