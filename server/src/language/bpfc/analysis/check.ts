import type { Problem } from '../../bpftrace/problem.ts';
import type { CAnalysis } from './analyze.ts';
import { checkArguments } from './check/arguments.ts';
import { checkHelpers } from './check/helpers.ts';
import { checkLicence } from './check/licence.ts';
import { checkMaps } from './check/maps.ts';
import { checkSections } from './check/sections.ts';

/** Everything that is wrong with a BPF C program and that the compiler does not see, by place. */
export function checkC(analysis: CAnalysis): Problem[] {
  const checks = [checkSections, checkArguments, checkHelpers, checkLicence, checkMaps];
  return checks.flatMap((check) => check(analysis)).toSorted((a, b) => a.span.start - b.span.start);
}
