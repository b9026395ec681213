import { describe, expect, it } from 'vitest';
import { builtin, builtins, configKey, constructs, func, functions, has, probeKind, probeKinds } from './catalogue.ts';

const at = (spelled: string, ...version: number[]): string | undefined => {
  const found = probeKind(spelled);
  return found && has(found.spelling, version) ? found.kind.name : undefined;
};

describe('looking things up', () => {
  it('knows probe kinds by any spelling their version has', () => {
    expect([at('kfunc', 0, 17), at('fentry', 0, 17), at('fentry', 0, 20), at('f', 0, 17)]).toEqual(['fentry', undefined, 'fentry', 'fentry']);
    expect([at('BEGIN', 0, 17), at('begin', 0, 17), at('begin', 0, 24), at('Begin', 0, 27), at('Begin', 0, 23)]).toEqual(['begin', undefined, 'begin', 'begin', undefined]);
    expect([at('U', 0, 17), at('u', 0, 17), at('aw', 0, 24), at('aw', 0, 25), at('self', 0, 21), at('nosuch', 0, 27)]).toEqual(['usdt', 'uprobe', 'asyncwatchpoint', undefined, undefined, undefined]);
  });
  it('takes numbered arguments together', () => {
    expect([builtin('arg0')?.name, builtin('arg12')?.name, builtin('sarg1')?.name, builtin('arg')?.name, builtin('args')?.name]).toEqual(['argN', 'argN', 'sargN', undefined, 'args']);
  });
  it('reads config keys in the form of environment variables too', () => {
    expect([configKey('stack_mode'), configKey('STACK_MODE'), configKey('BPFTRACE_STACK_MODE')].map((k) => k?.name)).toEqual(['stack_mode', 'stack_mode', 'stack_mode']);
    expect(configKey('nosuch')).toBeUndefined();
  });
  it('tells versions apart', () => {
    const len = func('len');
    expect([[0, 17], [0, 20], [0, 27, 1]].map((v) => len && has(len, v))).toEqual([false, true, true]);
    expect(func('delete')?.overloads.filter((o) => has(o, [0, 17])).map((o) => o.params.length)).toEqual([1]);
    expect(func('delete')?.overloads.filter((o) => has(o, [0, 27])).map((o) => o.params.length)).toEqual([1, 2]);
  });
});

describe('the tables', () => {
  it('name everything once', () => {
    for (const table of [functions, builtins, constructs, probeKinds]) expect(new Set(table.map((e) => e.name)).size).toBe(table.length);
  });
  it('say of everything what it is', () => {
    for (const e of [...functions, ...builtins, ...probeKinds]) expect(e.summary, e.name).toMatch(/^.{10,}[.:)]/);
  });
  it('name only kinds of probes that exist', () => {
    const kinds = new Set(probeKinds.map((k) => k.name));
    for (const e of [...functions, ...builtins]) for (const kind of e.probes ?? []) expect(kinds, `${e.name}: ${kind}`).toContain(kind);
    for (const k of probeKinds) for (const name of k.builtins) expect(builtins.map((b) => b.name), k.name).toContain(name);
  });
  it('say what to write instead of what came later and had a form before', () => {
    for (const name of ['has_key', 'errorf', 'ppid', 'strstr', 'find']) expect(func(name)?.instead, name).toBeTruthy();
  });
});
