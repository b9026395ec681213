import { allFindings, type CheckReport } from '../checks/pipeline.ts';
import type { Program } from '../checks/program.ts';
import type { CheckOptions } from '../engine.ts';
import { printable } from '../base/text.ts';
import type { Terminal } from './command.ts';
import { findingText } from './findings-text.ts';
import { exitOf, skippedOf } from './reports.ts';

export interface SeveralRequest {
  readonly file: string;
  readonly program: Program;
  /** In the order results are given in. */
  readonly targets: readonly string[];
  readonly options: CheckOptions;
  readonly json: boolean;
}

/**
 * Checks one program against several targets, all at the same time: none waits for another. Results are printed in the order
 * of the targets, each as soon as those before it are there. The worst exit status is that of all.
 */
export async function checkSeveral({ file, program, targets, options, json }: SeveralRequest, terminal: Terminal): Promise<number> {
  const { engine } = terminal;
  const checking = targets.map((target) => engine.check(program, { ...options, target }));
  // One that fails while another is waited for must not end the process.
  const settled = Promise.allSettled(checking);
  const reports: (readonly CheckReport[])[] = [];
  for (const [i, one] of checking.entries()) {
    reports.push(await one);
    if (!json) printOne(file, targets[i] ?? '', reports[i] ?? [], terminal);
  }
  await settled;
  const differences = await engine.differences(program, targets);
  if (json) {
    const each = targets.map((target, i) => ({ target, findings: allFindings(reports[i] ?? []), skipped: skippedOf(reports[i] ?? []) }));
    terminal.print(JSON.stringify({ file, targets: each, differences: differences }));
  } else {
    for (const { note } of differences) terminal.print(printable(note));
  }
  return Math.max(...reports.map(exitOf));
}

function printOne(file: string, target: string, reports: readonly CheckReport[], terminal: Terminal): void {
  const [findings, skipped] = [allFindings(reports), skippedOf(reports)];
  const labelled = (text: string): string => text.split('\n').map((line) => `${target}: ${line}`).join('\n');
  for (const found of findings) terminal.print(labelled(findingText(file, found)));
  for (const { check, reason } of skipped) terminal.tell(labelled(`The ${check} check did not run: ${reason}`));
  if (findings.length === 0 && skipped.length === 0) terminal.print(labelled(`${file}: no problems`));
}
