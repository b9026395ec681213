import { writeFile } from 'node:fs/promises';
import { UserError } from '../base/error.ts';
import { whyNotKnown } from '../engine.ts';
import type { Inventory } from '../kernel/inventory.ts';
import { runInTurns } from '../kernel/turns.ts';
import type { Target } from '../target/target.ts';
import { EXIT, options, type Terminal } from './command.ts';

const usage = 'target header NAME [--module MODULE]… [--out FILE]';

/** Time to read a kernel that nobody read before; an emulated machine needs 10 s, a slow line longer. */
const READ_TIMEOUT_MS = 120_000;

/** Prints `vmlinux.h` of a target's kernel, or of the bundled one for `none`; types of modules too when they are named. */
export async function header(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = options(args, usage, { module: { type: 'string', multiple: true }, out: { type: 'string' } }, { min: 1, max: 1 });
  const inventory = await kernelOf(terminal.engine.target(positionals[0]), terminal);
  const steps = inventory.vmlinuxHeader(values.module ?? []);
  if (!steps) throw new UserError('target', `There is no vmlinux.h of ${inventory.label}: its kernel carries no type information (BTF).`);
  const text = await runInTurns(steps);
  if (values.out === undefined) terminal.print(text.trimEnd());
  else await write(values.out, text);
  terminal.tell(`These are the types of ${inventory.label}.`);
  return EXIT.fine;
}

async function kernelOf(machine: Target, { engine, interrupted }: Terminal): Promise<Inventory> {
  if (machine.kind === 'none') return engine.inventories.bundled();
  const known = await engine.inventories.ask(machine, { signal: interrupted });
  const inventory = await engine.inventories.own(machine, known.kind === 'known' ? known.facts : undefined, { timeoutMs: READ_TIMEOUT_MS, signal: interrupted });
  // Another kernel's types would compile, and read the wrong bytes.
  if (inventory.source === 'target') return inventory;
  const why = known.kind === 'known' ? `The kernel of ${machine.name} could not be read; KGENT_DEBUG=1 tells more.` : whyNotKnown(known, machine.name);
  throw new UserError('target', `${why} For the types of the kernel that comes with Kgent: kgent target header none`);
}

async function write(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((cause: unknown) => Promise.reject(new UserError('no-file', `${file} cannot be written.`, { cause })));
}
