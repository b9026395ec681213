import { UserError } from '../base/error.ts';
import { EXIT, options, type Command, type Terminal } from './command.ts';
import { header } from './header.ts';
import { install } from './install.ts';
import { probe } from './probe.ts';

const usage = 'target add NAME [USER@HOST[:PORT]] [--identity FILE] [--known-hosts FILE] [--host-key SHA256:…] [--jump HOST] | list | remove NAME | probe NAME [--list PATTERN] [--json] | header NAME [--module MODULE]… [--out FILE] | install NAME --bpftrace FILE';

export const target: Command = {
  usage,
  does: 'adds, lists, removes and probes targets; writes vmlinux.h of one, copies a bpftrace to one',
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
  ['header', header],
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
