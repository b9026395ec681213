import { parseDuration } from '../base/duration.ts';
import type { Program } from '../checks/program.ts';
import type { RunEvent } from '../run/events.ts';
import { options, type Command, type Terminal } from './command.ts';
import { readProgram } from './program-file.ts';
import { exitOfRun, runText } from './run-text.ts';

const usage = 'run FILE [--target T] [--for 10s] [--unsafe] [--json]';

export const run: Command = {
  usage,
  does: 'runs a program on a target and streams what it prints',
  async run(args, terminal) {
    const { values, positionals } = options(args, usage, { target: { type: 'string' }, for: { type: 'string' }, unsafe: { type: 'boolean' }, json: { type: 'boolean' } }, { min: 1, max: 1 });
    const program = await readProgram(positionals[0] ?? '');
    return runAndPrint(program, values, terminal);
  },
};

/** Runs and prints until the program ends, its time is over, or Ctrl+C asks it to finish. */
export async function runAndPrint(program: Program, values: { target?: string | undefined; for?: string | undefined; unsafe?: boolean | undefined; json?: boolean | undefined }, terminal: Terminal): Promise<number> {
  const forMs = values.for === undefined ? undefined : parseDuration(values.for);
  if (!values.json) for (const power of (await terminal.engine.planRun(program, values.target)).powers) terminal.tell(`Note: ${power}`);
  const emit = (event: RunEvent): void => {
    if (values.json) return terminal.print(JSON.stringify(event));
    const { out, err } = runText(event);
    if (out !== undefined) terminal.print(out);
    if (err !== undefined) terminal.tell(err);
  };
  const ended = await terminal.engine.run(program, { target: values.target, forMs, unsafe: values.unsafe, stop: terminal.interrupted }, emit);
  return exitOfRun(ended.outcome);
}
