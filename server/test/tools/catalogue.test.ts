import { describe, expect, it } from 'vitest';
import type { Version } from '../../src/base/version.ts';
import { builtins, configKeys, constructs, functions, has, probeKinds } from '../../src/language/bpftrace/catalogue.ts';
import type { BtFunction, Builtin, ProbeKind } from '../../src/language/bpftrace/catalogue.ts';
import { LocalTarget } from '../../src/target/local.ts';
import { required } from '../support/local.ts';

const target = new LocalTarget();
/** Compiles without attaching: what bpftrace says, and whether it accepts. */
async function compile(command: readonly string[], text: string): Promise<{ accepted: boolean; said: string }> {
  const outcome = await target.exec({ argv: ['env', 'BPFTRACE_COLOR=never', ...command, 'x.bt'], files: [{ name: 'x.bt', content: `${text}\n` }], timeoutMs: 30_000 });
  return outcome.kind === 'ran' ? { accepted: outcome.exitCode === 0, said: outcome.stdout + outcome.stderr } : { accepted: false, said: `did not run: ${outcome.kind}` };
}

const errorsIn = (said: string): string[] => said.split('\n').filter((l) => l.includes('ERROR') && !l.includes('RLIMIT_MEMLOCK'));

/** Builtins and functions that this machine (no kprobes, no debug information, no child) refuses for reasons of its own. */
const NOT_HERE = new Set(['cpid', 'config', 'cgroupid', 'path', 'socket_cookie', 'skboutput', 'unwatch', 'override', 'macaddr', 'typeinfo', 'container_of', 'kfunc_allowed']);
const AT = { uprobe: 'uprobe:/bin/bash:main', uretprobe: 'uretprobe:/bin/bash:main', profile: 'profile:hz:99', tracepoint: 'tracepoint:sched:sched_switch' };

/** One statement for each, grouped by the probe they can stand in; every `@` gets a name of its own. */
function programFor(entries: readonly { probes?: readonly string[]; notProbes?: readonly string[]; statement: string }[]): string {
  const groups = new Map<string, string[]>();
  entries.forEach((entry, i) => {
    const kind = entry.probes?.find((p) => p in AT) ?? (entry.notProbes ? 'profile' : undefined);
    const probe = kind === undefined ? 'BEGIN' : AT[kind as keyof typeof AT];
    groups.set(probe, [...(groups.get(probe) ?? []), `${entry.statement.replaceAll(/@(?=\W)/g, `@only${i}`)} `]);
  });
  return [...groups].map(([probe, statements]) => `${probe} {\n${statements.join('\n')}\n}`).join('\n');
}

function statementOf(b: Builtin): string {
  const name = b.name.replace('N', '0');
  if (b.name === 'args') return '@ = args->prev_pid;';
  return b.name === 'ctx' ? '$ctx = ctx;' : `@ = ${name};`;
}

function withStatement(f: BtFunction | Builtin): { name: string; statement: string; probes?: readonly string[]; notProbes?: readonly string[] } {
  return { statement: 'example' in f ? f.example : statementOf(f), ...f };
}

const ATTACH: Readonly<Record<string, string>> = {
  begin: '', end: '', self: ':signal:SIGUSR1', tracepoint: ':sched:sched_switch', rawtracepoint: ':sched_switch', uprobe: ':/bin/bash:main', uretprobe: ':/bin/bash:main', usdt: ':/bin/bash:x',
  profile: ':hz:99', interval: ':s:1', software: ':faults:1', hardware: ':cycles:1000000', watchpoint: ':0x1000:4:w', asyncwatchpoint: ':f+arg0:4:w', iter: ':task', bench: ':b', test: ':t',
};

const attachTo = (kind: ProbeKind): string => ATTACH[kind.name] ?? ':vfs_read';

function spellings(kind: ProbeKind, version: Version): { known: string[]; unknown: string[] } {
  const all = [{ name: kind.name, ...kind.spelled }, ...kind.aliases];
  const known = all.filter((a) => has(kind, version) && has(a, version)).map((a) => a.name);
  return { known, unknown: all.map((a) => a.name).filter((n) => !known.includes(n)) };
}

/** 0.17 aborts on a provider it does not know, saying nothing of use. */
const unknownProbe = /Invalid probe type|terminate|^$/;

function suite(version: Version, command: () => readonly string[]): void {
  const present = [...builtins, ...functions].filter((e) => has(e, version) && !NOT_HERE.has(e.name)).map(withStatement);
  const absent = [...builtins, ...functions].filter((e) => !has(e, version));

  it('knows every builtin and function the table says it has', async () => {
    const { accepted, said } = await compile(command(), programFor(present.filter((e) => !('unsafe' in e && e.unsafe))));
    expect({ accepted, errors: errorsIn(said) }).toEqual({ accepted: true, errors: [] });
  });
  it('refuses unsafe functions for being unsafe, not for being unknown', async () => {
    for (const f of functions.filter((f) => f.unsafe && has(f, version))) {
      const { accepted, said } = await compile(command(), programFor([withStatement(f)]));
      expect({ name: f.name, accepted, unknown: /Unknown function/.test(said) }).toEqual({ name: f.name, accepted: false, unknown: false });
    }
  });
  it('does not know what the table says it lacks', async () => {
    expect(absent.length).toBeGreaterThan(0);
    for (const e of absent) {
      const { said } = await compile(command(), programFor([{ ...withStatement(e), probes: e.name === 'sargN' ? ['uprobe'] : [] }]));
      expect(`${e.name}: ${said}`).toMatch(/Unknown (function|identifier)|is deleted|syntax error/);
    }
  });
  it('knows exactly the probe kinds of the table', async () => {
    const known = probeKinds.flatMap((kind) => spellings(kind, version).known.map((name) => `${name}${attachTo(kind)} { }`));
    expect((await compile(command(), known.join('\n'))).said).not.toMatch(/Invalid probe type|terminate/);
    for (const kind of probeKinds) {
      for (const name of spellings(kind, version).unknown) {
        const { accepted, said } = await compile(command(), `${name}${attachTo(kind)} { }`);
        expect({ name, accepted, unknown: unknownProbe.test(said) }).toEqual({ name, accepted: false, unknown: true });
      }
    }
  });
  it('understands exactly the constructs of the table', async () => {
    for (const c of constructs) {
      if (c.example === undefined) continue;
      const { accepted, said } = await compile(command(), c.example);
      expect({ name: c.name, accepted, said: accepted === has(c, version) ? '' : said }).toEqual({ name: c.name, accepted: has(c, version), said: '' });
    }
  });
}

function valueOf(key: (typeof configKeys)[number]): string {
  return key.type === 'integer' ? '100' : key.type === 'bool' ? 'true' : JSON.stringify(key.values?.[0] ?? 'x');
}

describe('the catalogue against bpftrace 0.17', () => {
  suite([0, 17], () => ['bpftrace', '--test', 'codegen']);
});

describe('the catalogue against the newest bpftrace', () => {
  const command = (): readonly string[] => [required('KGENT_TEST_BPFTRACE_NEW'), '--mode', 'codegen'];
  suite([0, 27, 1], command);
  it('takes every config key with a value of its type', async () => {
    const { accepted, said } = await compile(command(), `config = { ${configKeys.map((k) => `${k.name} = ${valueOf(k)}`).join('; ')} } BEGIN { exit(); }`);
    expect({ accepted, errors: errorsIn(said) }).toEqual({ accepted: true, errors: [] });
    for (const k of configKeys) expect(`${k.name} ${String(said.includes(`${k.name} is deprecated and has no effect`))}`).toBe(`${k.name} ${String(k.ignoredSince !== undefined)}`);
  });
});
