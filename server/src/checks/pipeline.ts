import type { Facts } from '../kernel/facts.ts';
import type { Inventory } from '../kernel/inventory.ts';
import type { Target } from '../target/target.ts';
import type { Proof } from './contract/proof.ts';
import type { Assumption } from './contract/prover.ts';
import { hasErrors, type CheckName, type Finding } from './finding.ts';
import { standing } from './merge.ts';
import type { RefusedLog } from './load/refused.ts';
import type { Language, Program } from './program.ts';

/** What a check may use. `facts` is absent when the target could not be asked; `whyNoFacts` then says why. */
export interface CheckContext {
  readonly target: Target;
  readonly facts?: Facts;
  readonly whyNoFacts?: string;
  /** What was known of a target that could not be asked: its bpftrace is judged by. */
  readonly factsBefore?: Facts | undefined;
  /** The target's kernel; the bundled one when there is no target or it cannot be read. Never waits longer than `timeoutMs`. */
  readonly inventory: () => Promise<Inventory>;
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
  /** The text is nothing that any further check could read. */
  readonly hopeless?: boolean;
  /** Its errors keep no other check from running. */
  readonly advisory?: boolean;
  /** What the load check was told, of each program that was refused. */
  readonly logs?: readonly RefusedLog[];
  /** What the contract check found out, and on what it rests. */
  readonly proofs?: { readonly proofs: readonly Proof[]; readonly assumptions: readonly Assumption[] };
  readonly mend?: Mend;
}

/** Tells the findings anew. */
export type Tell = (findings: readonly Finding[]) => void;

/**
 * Tries repairs of what a check found, and answers the findings with them. That takes longer than finding them, so the findings
 * are told before. `tell` hears of them each time that more is known. Ends early, with what it has, when the check's signal says so.
 */
export type Mend = (tell: Tell) => Promise<readonly Finding[]>;

export interface Check {
  readonly name: CheckName;
  readonly languages: readonly Language[];
  /** Only worth running on a program without errors so far. */
  readonly afterErrors: 'run' | 'skip';
  run(program: Program, context: CheckContext): Promise<CheckResult>;
}

export interface CheckReport extends CheckResult {
  readonly check: CheckName;
  /** The check whose errors made this one pointless: no tool was missing. */
  readonly blockedBy?: CheckName;
  readonly ms: number;
}

export interface PipelineObserver {
  checking?(check: CheckName): void;
  checked?(report: CheckReport): void;
  mending?(check: CheckName): void;
  /** The report of a check that has told its findings, with the repairs known by now. */
  mended?(report: CheckReport): void;
}

/**
 * Runs the checks in order. A program with errors is not sent to checks that would only say the
 * same in worse words; what is wrong with contracts concerns no tool. Stops early when cancelled. `earlier` reports come first in the result. Repairs are tried when every
 * check had its say.
 */
export async function runPipeline(
  checks: readonly Check[],
  program: Program,
  context: CheckContext,
  observer: PipelineObserver = {},
  earlier: readonly CheckReport[] = [],
): Promise<readonly CheckReport[]> {
  const reports = [...earlier];
  for (const check of checks.filter((c) => c.languages.includes(program.language))) {
    if (context.signal?.aborted) break;
    observer.checking?.(check.name);
    const started = Date.now();
    const blocker = standing(reports).find((r) => r.hopeless || (check.afterErrors === 'skip' && !r.advisory && hasErrors(r.findings.filter((f) => f.check !== 'contract'))));
    const result = blocker
      ? { findings: [], skipped: `The ${blocker.check} check found errors first.`, blockedBy: blocker.check }
      : await check.run(program, context);
    const report: CheckReport = { check: check.name, ms: Date.now() - started, ...result };
    reports.push(report);
    observer.checked?.(report);
  }
  return standing(await mended(reports, context, observer));
}

async function mended(reports: readonly CheckReport[], { signal }: CheckContext, observer: PipelineObserver): Promise<readonly CheckReport[]> {
  const result: CheckReport[] = [];
  for (const { mend, ...report } of reports) {
    const tell: Tell = (findings) => {
      if (!signal?.aborted) observer.mended?.({ ...report, findings });
    };
    const mends = mend && report.findings.length > 0 && !signal?.aborted;
    if (mends) observer.mending?.(report.check);
    const findings = mends ? await mend(tell) : report.findings;
    if (findings !== report.findings) tell(findings);
    result.push({ ...report, findings });
  }
  return result;
}

export { allFindings } from './merge.ts';
