import { describeError, UserError } from '../base/error.ts';
import { allFindings } from '../checks/pipeline.ts';
import type { Program } from '../checks/program.ts';
import type { Engine } from '../engine.ts';
import type { CheckOnTargets, TargetReport } from '../protocol.ts';

/** One program on several targets at the same time: none waits for another, and one that fails hides none. */
export async function checkOnTargets(engine: Engine, { targets, uri, text, language }: CheckOnTargets, signal: AbortSignal): Promise<{ reports: TargetReport[]; differences: string[] }> {
  const program: Program = { uri, version: 0, text, language };
  const reports = await Promise.all(targets.map((target) => checkOn(engine, program, target, signal)));
  const differences = await engine.differences(program, targets);
  return { reports, differences: differences.map(({ note }) => note) };
}

async function checkOn(engine: Engine, program: Program, target: string, signal: AbortSignal): Promise<TargetReport> {
  try {
    const reports = await engine.check(program, { target, signal });
    const skipped = reports.flatMap(({ check, skipped: reason }) => (reason === undefined ? [] : [{ check, reason }]));
    return { target, findings: allFindings(reports), skipped };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { target, findings: [], skipped: [{ check: 'compile', reason: describeError(error) }] };
  }
}
