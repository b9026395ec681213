import { writeFile } from 'node:fs/promises';
import { parseDuration } from '../base/duration.ts';
import { UserError } from '../base/error.ts';
import type { AgentEvent, AgentVerdict } from '../agent/events.ts';
import { extensionOf, type Language } from '../checks/program.ts';
import { EXIT, options, type Command } from './command.ts';
import { findingText } from './findings-text.ts';
import { runAndPrint } from './run.ts';
import { stepText } from './steps-text.ts';

const usage = 'generate "TEXT" [--language bpftrace|c] [--target T] [--out FILE] [--run [--for 5s] [--unsafe]] [--json]';

export const generate: Command = {
  usage,
  does: 'turns a sentence into a checked program, and runs it with --run',
  async run(args, terminal) {
    const { values, positionals } = options(
      args,
      usage,
      { language: { type: 'string' }, target: { type: 'string' }, out: { type: 'string' }, run: { type: 'boolean' }, for: { type: 'string' }, unsafe: { type: 'boolean' }, json: { type: 'boolean' } },
      { min: 1, max: 1 },
    );
    // Bad options are told before minutes are spent on a generation.
    if (values.for !== undefined) parseDuration(values.for);
    const language = languageOf(values.language);
    const emit = (event: AgentEvent): void => {
      if (values.json) {
        if (event.event !== 'accepted' && event.event !== 'rejected') terminal.print(JSON.stringify(event));
        return;
      }
      const step = stepText(event);
      if (step !== undefined) terminal.tell(step);
    };
    const verdict = await terminal.engine.author.generate({ sentence: positionals[0] ?? '', language, target: values.target }, emit, terminal.interrupted);
    if (!verdict) return EXIT.interrupted;
    const file = verdict.event === 'accepted' && values.out !== undefined ? values.out : undefined;
    if (file !== undefined && verdict.program) await save(file, verdict.program.text);
    tellVerdict(verdict, file, values.json ?? false, terminal);
    if (verdict.event === 'rejected' || !verdict.program) return verdict.couldNotRun ? EXIT.couldNotRun : EXIT.found;
    if (!values.run) return EXIT.fine;
    const program = { uri: `kgent-generated:///program${extensionOf[verdict.program.language]}`, version: 0, ...verdict.program };
    return runAndPrint(program, values, terminal);
  },
};

function tellVerdict(verdict: AgentVerdict, file: string | undefined, json: boolean, terminal: { print(text: string): void; tell(text: string): void }): void {
  if (json) return terminal.print(JSON.stringify({ ...verdict, ...(file === undefined ? {} : { file }) }));
  terminal.tell(verdict.message);
  const name = file ?? (verdict.event === 'accepted' ? 'program' : 'best candidate');
  if (verdict.program && file === undefined) terminal.print(verdict.program.text.trimEnd());
  for (const found of verdict.findings) terminal.tell(findingText(name, found));
  if (file !== undefined) terminal.tell(`Written to ${file}`);
}

async function save(file: string, text: string): Promise<void> {
  await writeFile(file, text.endsWith('\n') ? text : `${text}\n`).catch((cause: unknown) => {
    throw new UserError('not-written', `The program could not be written to ${file}.`, { cause });
  });
}

function languageOf(text: string | undefined): Language | undefined {
  if (text === undefined || text === 'bpftrace' || text === 'c') return text;
  throw new UserError('usage', `There is no language '${text}': bpftrace or c.`);
}
