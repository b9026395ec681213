import { UserError } from '../base/error.ts';
import { printable } from '../base/text.ts';
import { whyNotKnown } from '../engine.ts';
import { missingCapabilities } from '../kernel/capabilities.ts';
import type { Facts } from '../kernel/facts.ts';
import type { Inventory, ListedProvider } from '../kernel/inventory.ts';
import { listProbes, type ProbeList } from '../language/bpftrace/queries/list-probes.ts';
import { skipReason } from '../checks/skip.ts';
import type { Target } from '../target/target.ts';
import { EXIT, options, type Terminal } from './command.ts';
import { missingText } from './missing-text.ts';

const usage = 'target probe NAME [--list PATTERN] [--json]';

/** Time to read a kernel that nobody read before; an emulated machine needs 10 s, a slow line longer. */
const READ_TIMEOUT_MS = 120_000;

/** What a target is and has; or, with a pattern, its attach points as `bpftrace -l` prints them, out of its inventory. */
export async function probe(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = options(args, usage, { list: { type: 'string' }, json: { type: 'boolean' } }, { min: 1, max: 1 });
  const { engine, interrupted } = terminal;
  const machine = engine.target(positionals[0]);
  const known = machine.kind === 'none' ? undefined : await engine.inventories.ask(machine, { signal: interrupted });
  const facts = known?.kind === 'known' ? known.facts : undefined;
  const why = known && known.kind !== 'known' ? whyNotKnown(known, machine.name) : undefined;
  const inventory = await engine.inventories.own(machine, facts, { timeoutMs: READ_TIMEOUT_MS, signal: interrupted });
  if (why !== undefined && (values.list === undefined || inventory.source === 'bundled')) throw new UserError('target', why);
  if (why !== undefined) terminal.tell(`${why}\nThis is what was known: ${inventory.label}.`);
  if (values.list !== undefined) return list(machine, facts, inventory, { pattern: values.list, json: values.json ?? false }, terminal);
  if (!facts) throw new UserError('target', "The target 'none' is no machine; with --list it tells what the bundled kernel has.");
  const missing = missingCapabilities(facts, inventory, { compiles: machine.kind === 'local' });
  if (values.json) terminal.print(JSON.stringify({ target: machine.name, ...facts, inventory: inventorySummary(inventory), missing }));
  else terminal.print([summary(machine.name, facts, inventory), ...(missing.length > 0 ? [missingText(missing)] : [])].join('\n'));
  return EXIT.fine;
}

async function list(machine: Target, facts: Facts | undefined, inventory: Inventory, { pattern, json }: { pattern: string; json: boolean }, terminal: Terminal): Promise<number> {
  const found = listProbes(inventory, pattern);
  if (found.kind === 'bad') throw new UserError('usage', found.message);
  const fromKernel = machine.kind === 'none' || inventory.source === 'target';
  if (found.kind === 'not-known' || (found.kind === 'attach-points' && !fromKernel)) throw new UserError('target', `Nothing is known of the attach points of ${machine.name}: they cannot be read there, or not without root. KGENT_DEBUG=1 tells more.`);
  const lines = found.kind === 'binary' ? await ofBinary(machine, facts, found, terminal) : found.lines;
  if (json) terminal.print(JSON.stringify({ target: machine.name, attachPoints: lines }));
  else if (lines.length > 0) terminal.print(printable(lines.join('\n')));
  return EXIT.fine;
}

/** Functions or markers of programs on the target. */
async function ofBinary(machine: Target, facts: Facts | undefined, { provider, path, name }: Extract<ProbeList, { kind: 'binary' }>, terminal: Terminal): Promise<readonly string[]> {
  if (!facts) throw new UserError('target', `What ${path} has can only be told by a machine that can be reached.`);
  const read = await terminal.engine.inventories.binaries(machine).read(path, { facts, signal: terminal.interrupted });
  if (read.kind !== 'known') throw new UserError('target', skipReason(read, 'bpftrace', machine.name, facts) ?? '');
  if (read.binaries.length === 0 && read.problems.length > 0) throw new UserError('target', read.problems.join('\n'));
  return read.binaries.flatMap(({ path: at, binary }) => {
    if (provider !== 'usdt') return binary.functions(name.at(-1) ?? '*', Infinity).map((one) => `${provider}:${at}:${one}`);
    const [first = '*', second] = name;
    return (second === undefined ? binary.markersLike(first) : binary.markersLike(second, first)).map((marker) => `usdt:${at}:${marker.provider}:${marker.name}`);
  });
}

const COUNTED: readonly ListedProvider[] = ['kprobe', 'fentry', 'tracepoint', 'rawtracepoint', 'iter'];

function inventorySummary(inventory: Inventory): unknown {
  const counts = COUNTED.filter((provider) => inventory.probes.knows(provider)).map((provider) => [provider, inventory.probes.countMatches(provider, '*')] as const);
  return { label: inventory.label, source: inventory.source, attachPoints: inventory.probes.count, byProvider: Object.fromEntries(counts), kfuncs: inventory.kfuncs().length };
}

function summary(name: string, facts: Facts, inventory: Inventory): string {
  const yes = (value: boolean): string => (value ? 'yes' : 'no');
  const tool = (which: keyof Facts['tools']): string => facts.tools[which]?.text ?? 'not installed';
  const counts = COUNTED.filter((provider) => inventory.probes.knows(provider)).map((provider) => `${inventory.probes.countMatches(provider, '*')} ${provider}`);
  return printable(
    [
      `${name}: Linux ${facts.release} ${facts.arch}, ${facts.distribution}`,
      `  user      ${facts.user} (${{ 'is-root': 'root', sudo: 'root by sudo', 'sudo-password': 'root by sudo with a password', doas: 'root by doas', none: 'no way to become root' }[facts.root]})`,
      `  kernel    BTF ${yes(facts.btf)}, kprobes ${yes(facts.kprobes)}, tracefs mounted ${yes(facts.tracefs)}, bpf file system mounted ${yes(facts.bpffs)}, lockdown ${facts.lockdown}`,
      `  probes    ${inventory.source === 'target' ? `${counts.join(', ')}; ${Object.keys(facts.modules).length} modules loaded` : 'cannot be read there, or not without root'}`,
      `  bpftrace  ${tool('bpftrace')}`,
      `  clang     ${tool('clang')}`,
      `  bpftool   ${tool('bpftool')}${facts.tools.libbpf ? ` (${facts.tools.libbpf.text})` : ''}`,
    ].join('\n'),
  );
}
