import { UserError } from '../base/error.ts';
import { copyBpftrace } from '../target/install.ts';
import { EXIT, options, type Terminal } from './command.ts';

const usage = 'target install NAME --bpftrace FILE [--json]';

/** Copies a statically linked bpftrace to a target, for want of a package there. */
export async function install(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = options(args, usage, { bpftrace: { type: 'string' }, json: { type: 'boolean' } }, { min: 1, max: 1 });
  if (values.bpftrace === undefined) throw new UserError('usage', `Which file? Usage: kgent ${usage}`);
  const target = terminal.engine.target(positionals[0]);
  const { version, used } = await copyBpftrace(target, values.bpftrace, { signal: terminal.interrupted });
  if (values.json) terminal.print(JSON.stringify({ target: target.name, installed: version, used }));
  else {
    terminal.print(`Copied ${version} to ${target.name}.`);
    if (used !== version) terminal.tell(`Programs are still checked with the one that is installed there: ${used}`);
  }
  return EXIT.fine;
}
