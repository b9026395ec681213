import { parseDuration } from '../base/duration.ts';
import type { Program } from '../checks/program.ts';
import type { RunEvent } from '../run/events.ts';
import { options, type Command, type Terminal } from './command.ts';
import { readProgram } from './program-file.ts';
import { runSeveral } from './run-several.ts';
import { exitOfRun, runText } from './run-text.ts';

const usage = 'run FILE [--target T]… [--for 10s] [--unsafe] [--json]';

export const run: Command = {
  usage,
  does: 'runs a program on a target, or several at once, and streams what it prints',
  async run(args, terminal) {
    const { values, positionals } = options(args, usage, { target: { type: 'string', multiple: true }, for: { type: 'string' }, unsafe: { type: 'boolean' }, json: { type: 'boolean' } }, { min: 1, max: 1 });
    const program = await readProgram(positionals[0] ?? '');
    const names = [...new Set(values.target ?? [undefined])];
    if (names.length === 1) return runAndPrint(program, { ...values, target: names[0] }, terminal);
    const targets = names.map((name) => terminal.engine.target(name).name);
    const forMs = values.for === undefined ? undefined : parseDuration(values.for);
    if (!values.json) await tellPowers(program, targets[0], terminal);
    return runSeveral({ program, targets, json: values.json ?? false, options: { forMs, unsafe: values.unsafe, stop: terminal.interrupted } }, terminal);
  },
};

/** What the program can do beyond reading. */
async function tellPowers(program: Program, target: string | undefined, terminal: Terminal): Promise<void> {
  for (const power of (await terminal.engine.planRun(program, target)).powers) terminal.tell(`Note: ${power}`);
}

/** Runs and prints until the program ends, its time is over, or Ctrl+C asks it to finish. */
export async function runAndPrint(program: Program, values: { target?: string | undefined; for?: string | undefined; unsafe?: boolean | undefined; json?: boolean | undefined }, terminal: Terminal): Promise<number> {
  const forMs = values.for === undefined ? undefined : parseDuration(values.for);
  if (!values.json) await tellPowers(program, values.target, terminal);
  const emit = (event: RunEvent): void => {
    if (values.json) return terminal.print(JSON.stringify(event));
    const { out, err } = runText(event);
    if (out !== undefined) terminal.print(out);
    if (err !== undefined) terminal.tell(err);
  };
  const ended = await terminal.engine.run(program, { target: values.target, forMs, unsafe: values.unsafe, stop: terminal.interrupted }, emit);
  return exitOfRun(ended.outcome);
}
