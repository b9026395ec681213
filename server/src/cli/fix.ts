import { writeFile } from 'node:fs/promises';
import { UserError } from '../base/error.ts';
import type { CheckName, Finding, Repair } from '../checks/finding.ts';
import { allFindings, type CheckReport } from '../checks/pipeline.ts';
import type { Language, Program } from '../checks/program.ts';
import { repaired, sureRepair } from '../checks/repairs.ts';
import { checkOptions, type CheckValues } from './check.ts';
import { options, type Command, type Terminal } from './command.ts';
import { findingText } from './findings-text.ts';
import { readProgram } from './program-file.ts';
import { exitOf, skippedOf } from './reports.ts';

const usage = 'fix FILE [--apply] [--only CHECKS] [--target T] [--unsafe] [--json]';

/** A program with more repairs than this is no program that repairs can help. */
const MAX_REPAIRS = 200;

/** The checks that repairs come from: of bpftrace those that start nothing, of BPF C also those that try them on the target. */
const REPAIRING: Readonly<Record<Language, readonly CheckName[]>> = { bpftrace: ['syntax', 'semantics'], c: ['syntax', 'semantics', 'compile', 'load'] };

interface Applied {
  readonly finding: Finding;
  readonly repair: Repair;
}

export const fix: Command = {
  usage,
  does: 'lists repairs that are sure, or applies them one after the other, checking again after each',
  async run(args, terminal) {
    const { values, positionals } = options(args, usage, { apply: { type: 'boolean' }, only: { type: 'string' }, target: { type: 'string' }, unsafe: { type: 'boolean' }, json: { type: 'boolean' } }, { min: 1, max: 1 });
    const [file = ''] = positionals;
    const program = await readProgram(file);
    if (!values.apply) return list(file, await terminal.engine.check(program, checkOptions(values, terminal)), values.json ?? false, terminal);
    const { program: fixed, applied, reports } = await repairAll(program, values, terminal);
    if (applied.length > 0) await writeFile(file, fixed.text).catch((cause: unknown) => Promise.reject(new UserError('no-file', `${file} cannot be written.`, { cause })));
    if (values.json) terminal.print(JSON.stringify({ file, applied: applied.map(({ finding, repair }) => ({ code: finding.code, message: finding.message, ...repair })), findings: allFindings(reports), skipped: skippedOf(reports) }));
    else tellApplied(file, applied, allFindings(reports), terminal);
    return exitOf(reports);
  },
};

function list(file: string, reports: readonly CheckReport[], json: boolean, terminal: Terminal): number {
  const findings = allFindings(reports);
  const repairs = findings.flatMap((finding) => {
    const repair = sureRepair(finding);
    return repair ? [{ finding, repair }] : [];
  });
  if (json) terminal.print(JSON.stringify({ file, repairs: repairs.map(({ finding, repair }) => ({ code: finding.code, message: finding.message, ...repair })), findings, skipped: skippedOf(reports) }));
  else {
    for (const { finding, repair } of repairs) terminal.print(`${findingText(file, finding)}\n    repair: ${repair.title}`);
    terminal.tell(repairs.length === 0 ? `${file}: no repair that is sure` : `kgent fix ${file} --apply does so.`);
  }
  return exitOf(reports);
}

/** One repair at a time: each is judged before the next is chosen. In the end every check looks at what came of it. */
async function repairAll(program: Program, values: CheckValues, terminal: Terminal): Promise<{ program: Program; applied: readonly Applied[]; reports: readonly CheckReport[] }> {
  const applied: Applied[] = [];
  const wanted = checkOptions(values, terminal);
  const repairing = { ...wanted, only: REPAIRING[program.language].filter((name) => wanted.only?.includes(name) ?? true) };
  // Two repairs that undo each other must not go on for ever.
  const seen = new Set<string>();
  let now = program;
  while (applied.length < MAX_REPAIRS && !seen.has(now.text) && !terminal.interrupted.aborted) {
    seen.add(now.text);
    const finding = allFindings(await terminal.engine.check(now, repairing)).find((found) => sureRepair(found) !== undefined);
    const repair = finding && sureRepair(finding);
    if (!repair) break;
    now = { ...now, text: repaired(now.text, repair), version: now.version + 1 };
    applied.push({ finding, repair });
  }
  return { program: now, applied, reports: await terminal.engine.check(now, wanted) };
}

function tellApplied(file: string, applied: readonly Applied[], left: readonly Finding[], terminal: Terminal): void {
  for (const { finding, repair } of applied) terminal.print(`${findingText(file, finding)}\n    repaired: ${repair.title}`);
  for (const finding of left) terminal.print(findingText(file, finding));
  terminal.tell(`${file}: ${applied.length} repaired, ${left.length} left`);
}
