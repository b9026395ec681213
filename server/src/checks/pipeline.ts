import type { Facts } from '../kernel/facts.ts';
import type { Target } from '../target/target.ts';
import { compareFindings, hasErrors, type CheckName, type Finding } from './finding.ts';
import type { Language, Program } from './program.ts';

/** What a check may use. `facts` is absent when the target could not be asked; `whyNoFacts` then says why. */
export interface CheckContext {
  readonly target: Target;
  readonly facts?: Facts;
  readonly whyNoFacts?: string;
  readonly timeoutMs: number;
  /** The program may use bpftrace's unsafe functions. */
  readonly unsafe: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Either it judged, or it says why it could not. Findings may come with a skip: "needs root" is one. */
export interface CheckResult {
  readonly findings: readonly Finding[];
  /** Set when the check did not run to its end. */
  readonly skipped?: string;
}

export interface Check {
  readonly name: CheckName;
  readonly languages: readonly Language[];
  run(program: Program, context: CheckContext): Promise<CheckResult>;
}

export interface CheckReport extends CheckResult {
  readonly check: CheckName;
  readonly ms: number;
}

export interface PipelineObserver {
  checking?(check: CheckName): void;
  checked?(report: CheckReport): void;
}

/**
 * Runs the checks in order. A program that already has errors is not sent to the checks behind
 * them: they would only say the same in worse words. Stops early when cancelled.
 */
export async function runPipeline(
  checks: readonly Check[],
  program: Program,
  context: CheckContext,
  observer: PipelineObserver = {},
): Promise<readonly CheckReport[]> {
  const reports: CheckReport[] = [];
  for (const check of checks.filter((c) => c.languages.includes(program.language))) {
    if (context.signal?.aborted) break;
    observer.checking?.(check.name);
    const started = Date.now();
    const blocker = reports.find((r) => hasErrors(r.findings));
    const result = blocker
      ? { findings: [], skipped: `The ${blocker.check} check found errors first.` }
      : await check.run(program, context);
    const report: CheckReport = { check: check.name, ms: Date.now() - started, ...result };
    reports.push(report);
    observer.checked?.(report);
  }
  return reports;
}

export function allFindings(reports: readonly CheckReport[]): readonly Finding[] {
  return reports.flatMap((r) => r.findings).toSorted(compareFindings);
}
