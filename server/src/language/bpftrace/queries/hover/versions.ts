import { compareVersions } from '../../../../base/version.ts';
import type { AnalysisOptions } from '../../analysis/analysis.ts';
import { printVersion } from '../../analysis/rules.ts';
import type { Versions } from '../../catalogue.ts';

/** Which versions have something, told only where it matters: not every version has it. */
export function versionsText({ since, until, instead }: Versions, { version, targetName }: AnalysisOptions): string[] {
  const range = [since && `since bpftrace ${printVersion(since)}`, until && `until ${printVersion(until)}`].filter(Boolean).join(', ');
  const missing = (since && compareVersions(version, since) < 0) || (until && compareVersions(version, until) >= 0);
  const texts = range === '' ? [] : [`Exists ${range}${missing ? `; ${targetName} has ${printVersion(version)}` : ''}.`];
  return instead === undefined || instead === '' ? texts : [...texts, `Better: \`${instead}\`.`];
}
