import { UserError } from '../base/error.ts';
import { CHECK_NAMES, hasErrors, type CheckName } from '../checks/finding.ts';
import { allFindings, type CheckReport } from '../checks/pipeline.ts';
import type { CheckOptions } from '../engine.ts';
import { EXIT, options, type Command, type Terminal } from './command.ts';
import { findingText } from './findings-text.ts';
import { readProgram } from './program-file.ts';

const usage = `check FILE [--only ${CHECK_NAMES.join(',')}] [--target T] [--unsafe] [--json]`;

export const check: Command = {
  usage,
  does: 'checks a program against a target',
  async run(args, terminal) {
    const { values, positionals } = options(args, usage, { only: { type: 'string' }, target: { type: 'string' }, unsafe: { type: 'boolean' }, json: { type: 'boolean' } }, { min: 1, max: 1 });
    const [file = ''] = positionals;
    const program = await readProgram(file);
    const target = terminal.engine.target(values.target).name;
    const reports = await terminal.engine.check(program, checkOptions(values, terminal));
    const findings = allFindings(reports);
    const skipped = reports.flatMap((r) => (r.skipped === undefined ? [] : [{ check: r.check, reason: r.skipped }]));
    if (values.json) terminal.print(JSON.stringify({ file, target, findings, skipped }));
    else {
      for (const found of findings) terminal.print(findingText(file, found));
      for (const { check: name, reason } of skipped) terminal.tell(`The ${name} check did not run: ${reason}`);
      if (findings.length === 0 && skipped.length === 0) terminal.print(`${file}: no problems on ${target}`);
    }
    return exitOf(reports);
  },
};

/** Options that `check` and `fix` share, as they were written. */
export interface CheckValues {
  readonly only?: string | undefined;
  readonly target?: string | undefined;
  readonly unsafe?: boolean | undefined;
}

export function checkOptions({ only, target, unsafe }: CheckValues, { interrupted }: Terminal): CheckOptions {
  return { target, only: only === undefined ? undefined : checkNames(only), unsafe, signal: interrupted };
}

/** Errors of checks that ran count as found; when nothing was found and something did not run, nothing is known. */
export function exitOf(reports: readonly CheckReport[]): number {
  if (reports.some((r) => r.skipped === undefined && hasErrors(r.findings))) return EXIT.found;
  return reports.length === 0 || reports.some((r) => r.skipped !== undefined) ? EXIT.couldNotRun : EXIT.fine;
}

function checkNames(text: string): CheckName[] {
  return text.split(',').map((name) => {
    const known = CHECK_NAMES.find((n) => n === name.trim());
    if (!known) throw new UserError('usage', `There is no check '${name.trim()}'. The checks: ${CHECK_NAMES.join(', ')}.`);
    return known;
  });
}
