import { readFile } from 'node:fs/promises';
import { text as readStream } from 'node:stream/consumers';
import { UserError } from '../base/error.ts';
import { explainedFinding } from '../checks/load/explained.ts';
import { parseLog } from '../verifier-log/parse/log.ts';
import { explain as explainLog } from '../verifier-log/explain/explain.ts';
import { EXIT, options, type Command } from './command.ts';
import { findingText } from './findings-text.ts';

const usage = 'explain LOG [--source FILE] [--json]';

export const explain: Command = {
  usage,
  does: "explains a kernel verifier's log (- is standard input): the cause, not the symptom",
  async run(args, terminal) {
    const { values, positionals } = options(args, usage, { source: { type: 'string' }, json: { type: 'boolean' } }, { min: 1, max: 1 });
    const [file = ''] = positionals;
    const log = parseLog(file === '-' ? await readStream(process.stdin) : await read(file));
    const source = values.source === undefined ? undefined : await read(values.source);
    const explanations = explainLog(log, source === undefined ? {} : { source });
    if (log.programs.length === 0 && explanations.length === 0) throw new UserError('no-log', `${file === '-' ? 'Standard input' : file} holds no words of the kernel's verifier and no failure of a loader.`);
    const findings = explanations.map((explanation) => explainedFinding(explanation, source));
    if (values.json) terminal.print(JSON.stringify({ file: values.source ?? file, findings }));
    else {
      explanations.forEach((explanation, i) => {
        const found = findings[i];
        if (found) terminal.print(findingText(values.source ?? explanation.cause.file ?? file, found));
      });
      if (findings.length === 0) terminal.print(`${file}: the verifier rejected nothing`);
    }
    return findings.length > 0 ? EXIT.found : EXIT.fine;
  },
};

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UserError('unreadable', `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
