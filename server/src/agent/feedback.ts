import { shorten } from '../base/text.ts';
import { Lines } from '../base/range.ts';
import type { Finding } from '../checks/finding.ts';
import { fence, fill, type Prompts } from './prompt.ts';

/** Beyond these a model reads no better, and a tool's flood of follow-up errors would fill its context. */
const MAX_FINDINGS = 12;
const MAX_MESSAGE = 1_500;
const MAX_EVIDENCE = 8;

export interface FailedAttempt {
  readonly attempt: number;
  /** Absent when the reply held no program. */
  readonly text?: string;
  readonly findings: readonly Finding[];
  /** An earlier attempt with the very same program. */
  readonly sameAs?: number | undefined;
}

/** What the drafter is told after a failed attempt. */
export function feedbackText(prompts: Prompts, failed: FailedAttempt): string {
  const errors = failed.findings.filter((f) => f.severity === 'error').length;
  return fill(prompts.feedback, {
    attempt: String(failed.attempt),
    verdict: failed.text === undefined ? 'Your reply could not be used:' : `The checks on the target found ${errors === 1 ? 'an error' : `${errors} errors`}:`,
    findings: fence(describeFindings(failed.findings, failed.text)),
    repeated:
      failed.sameAs === undefined
        ? ''
        : `This is the same program as attempt ${failed.sameAs}, unchanged, so it fails in the same way. Do something different: another attach point, another field or another construction.\n\n`,
  });
}

/** Findings as text, errors first, each with the line it is about. */
export function describeFindings(findings: readonly Finding[], text?: string): string {
  const lines = text === undefined ? undefined : new Lines(text);
  const sorted = [...findings].sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
  const shown = sorted.slice(0, MAX_FINDINGS).map((f, i) => `${i + 1}. ${describeFinding(f, lines)}`);
  const more = sorted.length - shown.length;
  return [...shown, ...(more > 0 ? [`(${more} further findings are left out)`] : [])].join('\n');
}

function describeFinding(finding: Finding, lines: Lines | undefined): string {
  const { start } = finding.range;
  const place = lines ? `, line ${start.line + 1}, column ${start.character + 1}` : '';
  const source = lines?.at(start.line).trim();
  const counterexample = finding.counterexample;
  return [
    `${finding.severity} of the ${finding.check} check (${finding.code})${place}: ${shorten(finding.message, MAX_MESSAGE)}`,
    ...(source ? [`   at: ${shorten(source, 200)}`] : []),
    ...finding.evidence.slice(0, MAX_EVIDENCE).map((e) => `   note${lines && e.range ? ` (line ${e.range.start.line + 1})` : ''}: ${shorten(e.message, MAX_MESSAGE)}`),
    ...(counterexample ? [`   fails for: ${shorten(JSON.stringify(counterexample.inputs), MAX_MESSAGE)}, violating ${shorten(counterexample.violated, 300)}`] : []),
    ...finding.repairs.slice(0, MAX_EVIDENCE).map((r) => `   ${r.sure ? 'repair that was checked and helps' : 'possible repair'}: ${shorten(r.title, 300)}`),
  ].join('\n');
}
