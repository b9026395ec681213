import { UserError } from '../base/error.ts';
import { printable } from '../base/text.ts';
import { missingTool, skipReason } from '../checks/skip.ts';
import { whyNotKnown } from '../engine.ts';
import type { Facts } from '../kernel/facts.ts';
import { EXIT, options, type Command, type Terminal } from './command.ts';
import { install } from './install.ts';

const usage = 'target add NAME [USER@HOST[:PORT]] [--identity FILE] [--known-hosts FILE] [--host-key SHA256:…] [--jump HOST] | list | remove NAME | probe NAME [--list PATTERN] [--json] | install NAME --bpftrace FILE';

export const target: Command = {
  usage,
  does: 'adds, lists, removes and probes targets; copies a bpftrace to one',
  async run([verb = '', ...args], terminal) {
    const action = ACTIONS.get(verb);
    if (!action) throw new UserError('usage', `Usage: kgent ${usage}`);
    return action(args, terminal);
  },
};

const ACTIONS: ReadonlyMap<string, (args: readonly string[], terminal: Terminal) => Promise<number>> = new Map([
  ['add', add],
  ['list', list],
  ['remove', remove],
  ['probe', probe],
  ['install', install],
]);

async function add(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = options(
    args,
    usage,
    { identity: { type: 'string' }, 'known-hosts': { type: 'string' }, 'host-key': { type: 'string' }, host: { type: 'string' }, port: { type: 'string' }, user: { type: 'string' }, jump: { type: 'string' }, json: { type: 'boolean' } },
    { min: 1, max: 2 },
  );
  const [name = '', destination] = positionals;
  await terminal.engine.targets.add(name, {
    destination: destination ?? values.host ?? name,
    port: values.port === undefined ? undefined : Number(values.port),
    user: values.user,
    identity: values.identity,
    knownHosts: values['known-hosts'],
    hostKey: values['host-key'],
    proxyJump: values.jump,
  });
  terminal.tell(`Added ${name}. Try it: kgent target probe ${name}`);
  return EXIT.fine;
}

function list(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = options(args, usage, { json: { type: 'boolean' } }, { min: 0, max: 0 });
  const all = terminal.engine.targets.list();
  if (values.json) terminal.print(JSON.stringify({ targets: all }));
  else for (const { name, detail } of all) terminal.print(`${name}  ${detail}`);
  return Promise.resolve(EXIT.fine);
}

async function remove(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals } = options(args, usage, {}, { min: 1, max: 1 });
  await terminal.engine.targets.remove(positionals[0] ?? '');
  return EXIT.fine;
}

async function probe(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = options(args, usage, { list: { type: 'string' }, json: { type: 'boolean' } }, { min: 1, max: 1 });
  const machine = terminal.engine.target(positionals[0]);
  const known = await machine.facts({ signal: terminal.interrupted });
  if (known.kind !== 'known') throw new UserError('target', whyNotKnown(known, machine.name));
  if (values.list === undefined) {
    if (values.json) terminal.print(JSON.stringify({ target: machine.name, ...known.facts }));
    else terminal.print(summary(machine.name, known.facts));
    return EXIT.fine;
  }
  const tool = known.facts.tools.bpftrace;
  if (!tool) throw new UserError('missing', missingTool('bpftrace', machine.name, known.facts));
  const outcome = await machine.exec({ argv: [tool.command, '-l', values.list], asRoot: true, timeoutMs: 120_000, signal: terminal.interrupted, maxOutputBytes: 64 * 1024 * 1024 });
  const problem = skipReason(outcome, 'bpftrace', machine.name, known.facts);
  if (outcome.kind !== 'ran') throw new UserError('target', problem ?? '');
  const lines = outcome.stdout.split('\n').filter((line) => line !== '');
  if (values.json) terminal.print(JSON.stringify({ target: machine.name, attachPoints: lines }));
  else if (lines.length > 0) terminal.print(printable(lines.join('\n')));
  return EXIT.fine;
}

function summary(name: string, facts: Facts): string {
  const yes = (value: boolean): string => (value ? 'yes' : 'no');
  const tool = (which: keyof Facts['tools']): string => facts.tools[which]?.text ?? 'not installed';
  return printable(
    [
      `${name}: Linux ${facts.release} ${facts.arch}, ${facts.distribution}`,
      `  user      ${facts.user} (${{ 'is-root': 'root', sudo: 'root by sudo', 'sudo-password': 'root by sudo with a password', doas: 'root by doas', none: 'no way to become root' }[facts.root]})`,
      `  kernel    BTF ${yes(facts.btf)}, kprobes ${yes(facts.kprobes)}, tracefs mounted ${yes(facts.tracefs)}, bpf file system mounted ${yes(facts.bpffs)}`,
      `  bpftrace  ${tool('bpftrace')}`,
      `  clang     ${tool('clang')}`,
      `  bpftool   ${tool('bpftool')}`,
    ].join('\n'),
  );
}
