import { UserError } from '../base/error.ts';
import { CHECK_NAMES, type CheckName } from '../checks/finding.ts';
import { allFindings } from '../checks/pipeline.ts';
import type { CheckOptions } from '../engine.ts';
import { checkSeveral } from './check-several.ts';
import { options, type Command, type Terminal } from './command.ts';
import { exitOf, skippedOf } from './reports.ts';
import { findingText } from './findings-text.ts';
import { readProgram } from './program-file.ts';

const usage = `check FILE [--only ${CHECK_NAMES.join(',')}] [--target T]… [--unsafe] [--json]`;

export const check: Command = {
  usage,
  does: 'checks a program against a target, or several at once',
  async run(args, terminal) {
    const { values, positionals } = options(args, usage, { only: { type: 'string' }, target: { type: 'string', multiple: true }, unsafe: { type: 'boolean' }, json: { type: 'boolean' } }, { min: 1, max: 1 });
    const [file = ''] = positionals;
    const program = await readProgram(file);
    const { only, unsafe, json = false } = values;
    const names = [...new Set(values.target ?? [undefined])];
    if (names.length > 1) return checkSeveral({ file, program, json, targets: names.map((name) => terminal.engine.target(name).name), options: checkOptions({ only, unsafe }, terminal) }, terminal);
    const target = terminal.engine.target(names[0]).name;
    const reports = await terminal.engine.check(program, checkOptions({ only, unsafe, target: names[0] }, terminal));
    const findings = allFindings(reports);
    const skipped = skippedOf(reports);
    if (json) terminal.print(JSON.stringify({ file, target, findings, skipped }));
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

function checkNames(text: string): CheckName[] {
  return text.split(',').map((name) => {
    const known = CHECK_NAMES.find((n) => n === name.trim());
    if (!known) throw new UserError('usage', `There is no check '${name.trim()}'. The checks: ${CHECK_NAMES.join(', ')}.`);
    return known;
  });
}
