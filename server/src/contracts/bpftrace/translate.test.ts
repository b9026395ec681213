import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzed } from '../../../test/support/analyzed.ts';
import { mutate, randomly } from '../../../test/support/mutate.ts';
import { samples } from '../../../test/support/programs/sample.ts';
import type { Version } from '../../base/version.ts';
import { interpret, readName, type Execution } from '../ir/interpret.ts';
import type { Translated } from '../verdict.ts';
import { translateBpftrace } from './translate.ts';
import { malformed } from './well-formed.test-support.ts';

type Reads = Readonly<Record<string, bigint | number>>;

function translated(source: string, version?: Version): Translated {
  return translateBpftrace(analyzed(source, version).analysis);
}

/** Events by the number of their handler. */
function run(source: string, events: readonly (readonly [number, Reads?])[], version?: Version): Execution {
  const { program, unsupported } = translated(source, version);
  expect(unsupported).toEqual([]);
  return interpret(program, events.map(([n, reads = {}]) => ({ handler: program.handlers[n]?.name ?? '', reads: new Map(Object.entries(reads).map(([name, value]) => [name, BigInt.asUintN(64, BigInt(value))])) })));
}

const contents = ({ maps }: Execution, name: string): [bigint, bigint][] => [...(maps.get(name) ?? [])];
/** The value of a map without a key. */
const scalar = (source: string, events: readonly (readonly [number, Reads?])[], version?: Version): bigint | undefined => contents(run(source, events, version), '@r')[0]?.[1];
const broken = ({ violations }: Execution): string[] => violations.map(({ property }) => property);

describe('maps', () => {
  it('are keyed by all parts of their key together', () => {
    expect(contents(run('tracepoint:block:block_rq_issue { @x[args.dev, args.sector] = args.bytes; }', [[0, { 'args.dev': 1, 'args.sector': 2, 'args.bytes': 3 }]]), '@x')).toEqual([[(1n << 64n) | 2n, 3n]]);
  });
  it.each([
    ['count()', 3n], ['sum(args.bytes)', 60n], ['min(args.bytes)', 10n], ['max(args.bytes)', 30n], ['hist(args.bytes)', 1n], ['avg(args.bytes)', (60n << 64n) | 3n],
  ])('aggregate: %s', (what, value) => {
    const events = [20, 10, 30].map((bytes): [number, Reads] => [0, { 'args.bytes': bytes }]);
    expect(scalar(`tracepoint:block:block_rq_issue { @r = ${what}; }`, events)).toBe(value);
  });
  it('read an aggregation as its number', () => {
    const source = 'tracepoint:block:block_rq_issue { @a = avg(args.bytes); } interval:s:1 { @r = (int64)@a; }';
    expect(scalar(source, [[0, { 'args.bytes': 10 }], [0, { 'args.bytes': 21 }], [1]])).toBe(15n);
  });
  it('count up from nothing, and give what was before', () => {
    const source = 'interval:s:1 { $a = @n++; $b = ++@n; @r = $a * 10 + $b; }';
    expect(scalar(source, [[0]])).toBe(2n);
    expect(scalar(source, [[0], [0]])).toBe(24n);
  });
  it('lose an entry, and all', () => {
    const source = 'interval:s:1 { @x[1] = 1; @x[2] = 2; delete(@x[1]); @y[1] = 1; clear(@y); }';
    expect([contents(run(source, [[0]]), '@x'), contents(run(source, [[0]]), '@y')]).toEqual([[[2n, 2n]], []]);
    expect(contents(run('interval:s:1 { @x[1, 2] = 1; delete(@x, (1, 2)); }', [[0]]), '@x')).toEqual([]);
  });
  it('hold the same number for the same text', () => {
    const source = 'interval:s:1 { @x["a"] = 1; @x["b"] = 2; @x["a"] = 3; if (comm == "b") { @r = 1; } @s = ""; }';
    expect(contents(run(source, [[0]]), '@x').map(([, value]) => value)).toEqual([3n, 2n]);
    expect([scalar(source, [[0, { comm: 2 }]]), scalar(source, [[0, { comm: 1 }]])]).toEqual([1n, undefined]);
    expect(contents(run(source, [[0]]), '@s')).toEqual([[0n, 0n]]);
  });
});

describe('control', () => {
  it('leaves the probe by predicate and return', () => {
    expect(scalar('kprobe:vfs_read /arg0 > 5/ { if (arg0 == 7) { return; } @r = arg0; }', [[0, { arg0: 3 }], [0, { arg0: 7 }]])).toBeUndefined();
    expect(scalar('kprobe:vfs_read /arg0 > 5/ { if (arg0 == 7) { return; } @r = arg0; }', [[0, { arg0: 6 }]])).toBe(6n);
  });
  it('asks the right side only where the left one does not decide', () => {
    const source = 'kprobe:vfs_read { if (arg0 > 1 && @n++ >= 0) { @r = 1; } }';
    expect(contents(run(source, [[0, { arg0: 1 }]]), '@n')).toEqual([]);
    expect(contents(run(source, [[0, { arg0: 2 }]]), '@n')).toEqual([[0n, 1n]]);
  });
  it('evaluates from left to right', () => {
    expect(scalar('interval:s:1 { @n = 5; @r = @n + @n++ * 10 + @n * 100; }', [[0]])).toBe(655n);
  });
  it.each([
    ['$i = 0; while ($i < 5) { $i++; if ($i == 2) { continue; } if ($i == 4) { break; } @r = @r * 10 + $i; }', 13n],
    ['for ($i : 1..4) { @r = @r * 10 + $i; }', 123n],
    ['for ($i : 0..9) { if ($i == 3) { break; } @r = $i; }', 2n],
    ['$n = 1; unroll(5) { $n = $n * 2; } @r = $n;', 32n],
    ['$i = 0; while ($i < 3) { $j = 0; while ($j < 3) { $j++; if ($j == 2) { break; } @r++; } $i++; }', 3n],
  ])('loops: %s', (body, value) => {
    expect(scalar(`interval:s:1 { ${body} }`, [[0]])).toBe(value);
  });
  it('goes over the entries of a map only where nothing is changed', () => {
    expect(translated('interval:s:1 { @x[1] = 1; for ($kv : @x) { print($kv.1); } }').unsupported).toEqual([]);
    expect(translated('interval:s:1 { @x[1] = 1; for ($kv : @x) { @n += $kv.1; } }').unsupported).toMatchObject([{ what: 'what a loop over all entries of @x changes is not understood', handler: 'interval:s:1' }]);
  });
  it('runs BEGIN first, and each probe under a name of its own', () => {
    expect(translated('BEGIN { @a = 1; } interval:s:1 { } interval:s:1 { }').program.handlers.map(({ name, first }) => [name, first])).toEqual([['BEGIN', true], ['interval:s:1', undefined], ['interval:s:1 (2)', undefined]]);
  });
  it('tells variables of one name in different blocks apart', () => {
    expect(scalar('interval:s:1 { if (pid > 0) { $x = 5; @r = $x; } else { $x = "a"; @s = $x; } }', [[0, { pid: 1 }]])).toBe(5n);
  });
});

describe('macros', () => {
  it.each([
    ['macro twice(x) { x * 2 }', '@r = twice(arg0 + 1);', 12n],
    ['macro two() { 2 }', '@r = two + two();', 4n],
    ['macro add($x, y) { $x = $x + y; }', '$a = 1; add($a, 4); @r = $a;', 5n],
    ['macro more(@m, y) { @m[y] = y; }', 'more(@x, 3); @r = @x[3];', 3n],
    ['macro one(x) { let $t = x; $t + 1 } macro two(x) { one(one(x)) }', '@r = two(arg0);', 7n],
  ])('%s', (macro, body, value) => {
    expect(scalar(`${macro} kprobe:vfs_read { ${body} }`, [[0, { arg0: 5 }]])).toBe(value);
  });
});

describe('reads', () => {
  it('texts are shown as they are written', () => {
    const { program } = translated('interval:s:1 { if (comm == "sshd") { @x[comm] = 1; } }');
    expect([...(program.shown?.get('comm')?.names ?? [])]).toEqual([[0n, '""'], [1n, '"sshd"']]);
  });
  it('of events whose arguments differ are not understood', () => {
    const both = (field: string): string => `tracepoint:sched:sched_wakeup, tracepoint:oom:oom_score_adj_update { @x = args.${field}; }`;
    expect([translated(both('pid')).unsupported, translated('tracepoint:syscalls:sys_enter_openat, tracepoint:syscalls:sys_enter_mmap { @x = args.flags; }').unsupported.map(({ what }) => what)]).toEqual([[], ['args.flags is not of the same type in all events of the probe: int64, uint64']]);
  });
  it('the same field through the same address, whatever the source calls it', () => {
    const source = 'kprobe:tcp_connect { $sk = (struct sock *)arg0; @a = $sk->__sk_common.skc_dport; @r = ((struct inet_sock *)arg0)->sk.__sk_common.skc_dport; }';
    expect(scalar(source, [[0, { arg0: 64, [readName('$sk->__sk_common.skc_dport', 64n)]: 0x5000 }]])).toBe(0x5000n);
  });
  it('an element by its index, a pointer by what it leads to', () => {
    expect(scalar('tracepoint:raw_syscalls:sys_enter { @r = args.args[2]; }', [[0, { [readName('args.args[2]', 2n)]: 9 }]])).toBe(9n);
    expect(scalar('kprobe:ip6_output { @r = *(uint32 *)(arg2 + 8); }', [[0, { arg2: 8, [readName('*(uint32 *)(arg2 + 8)', 16n)]: 7 }]])).toBe(7n);
  });
  it('have the width and the sign of their types, and are shown so', () => {
    const { program } = translated('tracepoint:syscalls:sys_exit_read { @r = args.ret; @p = pid; }');
    expect(program.shown?.get('args.ret')).toEqual({ signed: true });
    expect(new Set(program.maps)).toEqual(new Set([{ name: '@p', key: 1, value: 32 }, { name: '@r', key: 1, value: 64 }]));
  });
  it('clocks are known as such', () => {
    expect(translated('interval:s:1 { @a = nsecs; @b = elapsed; }').program.clocks).toEqual(['nsecs', 'elapsed']);
  });
});

describe('contracts', () => {
  const PORT = 'kprobe:tcp_connect { $sk = (struct sock *)arg0; $dport = $sk->__sk_common.skc_dport; \n//@ assert $dport == ntohs($sk->__sk_common.skc_dport)\n @r = $dport; }';
  it('are asked where they stand', () => {
    const name = readName('$sk->__sk_common.skc_dport', 0n);
    expect(broken(run(PORT, [[0, { [name]: 0x5000 }]]))).toEqual(expect.arrayContaining(['contract']));
    expect(broken(run(PORT, [[0, { [name]: 0x5050 }]]))).toEqual([]);
  });
  it('requires and assume narrow, ensures is asked wherever the probe is left', () => {
    const source = '//@ requires args.prio >= 0\n//@ ensures args.prio < 100 ==> @seen[args.pid] == old(@seen[args.pid]) + 1\ntracepoint:sched:sched_wakeup { if (args.prio == 50) { return; } @seen[args.pid] = @seen[args.pid] + 1; }';
    expect(run(source, [[0, { 'args.prio': -1 }]]).ending.kind).toBe('excluded');
    expect(broken(run(source, [[0, { 'args.prio': 10 }], [0, { 'args.prio': 10 }]]))).toEqual([]);
    expect(broken(run(source, [[0, { 'args.prio': 50 }]]))).toEqual(['contract']);
    expect(broken(run(source, [[0, { 'args.prio': 150 }]]))).toEqual([]);
  });
  it('quantifiers, presence, families', () => {
    const source = 'kprobe:tcp_close { $sk = (struct sock *)arg0; @x[1] = 1;\n//@ assert forall i in 0..3 : present(@x[i]) ==> i == 1\n//@ assert exists i in 2..4 : present(@x[i])\n//@ assert family($sk) == AF_INET6\n@r = 1; }';
    expect(run(source, [[0]]).violations).toHaveLength(2);
  });
  it('invariants are over key and value', () => {
    const { program } = translated('//@ invariant @lines[p, q] : @lines[p, q] <= 2 && p != q\ninterval:s:1 { @lines[pid, tid]++; }');
    expect(program.invariants?.map(({ map, says }) => [map, says])).toEqual([['@lines', '@lines[p, q] : @lines[p, q] <= 2 && p != q']]);
    expect(JSON.stringify(program.invariants, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).toContain('"name":"value"');
  });
  it('invariants look back: at entries that were there before', () => {
    const source = '//@ invariant @x[k] : @x[k] > old(@x[k]) && @n >= old(@n)\nkprobe:vfs_read { @x[1] += 2; @n++; }\nkprobe:vfs_write { @x[1] = 1; }';
    expect(run(source, [[0], [0], [0]]).violations).toEqual([]);
    expect(run(source, [[0], [1]]).violations).toMatchObject([{ event: 1 }]);
  });
  it('zero() keeps the keys', () => {
    const { maps } = run('interval:s:1 { @x[1] = 1; @x[2] = 2; zero(@x); @y[1] = 1; clear(@y); }', [[0]]);
    expect([maps.get('@x'), maps.get('@y')]).toEqual([new Map([[1n, 0n], [2n, 0n]]), new Map()]);
  });
  it('one that is not understood makes only itself unknown', () => {
    const { unsupported, program } = translated('//@ invariant @x[k] : @x[k] >= old(@x[k] + $1)\ninterval:s:1 { @x[1] = 1; }');
    expect(unsupported).toMatchObject([{ what: 'old() in an invariant is understood of maps only', only: { property: 'contract', says: '@x[k] : @x[k] >= old(@x[k] + $1)' } }]);
    expect(program.handlers[0]?.body).not.toEqual([]);
  });
});

describe('what specs say', () => {
  const withSpecs = (source: string, pre: readonly string[], post: readonly string[] = []): Translated => translateBpftrace(analyzed(source).analysis, { specOf: () => ({ pre, post }) });
  const ends = ({ program }: Translated, reads: Reads): string => interpret(program, [{ handler: program.handlers[0]?.name ?? '', reads: new Map(Object.entries(reads).map(([name, value]) => [name, BigInt.asUintN(64, BigInt(value))])) }]).ending.kind;
  it('is assumed where it is about what the probe reads', () => {
    const found = withSpecs('tracepoint:sched:sched_switch { @x[args.prev_pid] = 1; }', ['prev_pid >= 0', 'prev_prio < 140', 'no such thing']);
    expect(found.assumptions.map(({ text }) => text)).toEqual(['prev_pid >= 0']);
    expect([ends(found, { 'args.prev_pid': 1 }), ends(found, { 'args.prev_pid': 0xffffffff })]).toEqual(['done', 'excluded']);
  });
  it('is assumed of several tracepoints where it holds of each', () => {
    const source = 'tracepoint:sched:sched_wakeup, tracepoint:sched:sched_waking { @x[args.pid] = args.prio; }';
    const specOf = (point: string): { pre: string[]; post: string[] } => ({ pre: point.endsWith('waking') ? ['pid >= 0'] : ['pid >= 0', 'prio < 140'], post: [] });
    expect(translateBpftrace(analyzed(source).analysis, { specOf }).assumptions.map(({ text }) => text)).toEqual(['pid >= 0']);
  });
  it('transfers give less than 2 GiB, errors are small', () => {
    const said = (call: string): string[] => translateBpftrace(analyzed(`tracepoint:syscalls:sys_exit_${call} { @x = args.ret; }`).analysis, { specOf: () => undefined }).assumptions.map(({ text }) => text);
    expect([said('read'), said('openat')]).toEqual([['ret >= -4095', 'ret <= 0x7ffff000'], ['ret >= -4095']]);
    const result = (fn: string): string[] => translateBpftrace(analyzed(`kretprobe:${fn} { @x = retval; }`).analysis, { specOf: () => undefined }).assumptions.map(({ text }) => text);
    expect([result('vfs_read'), result('do_unlinkat')]).toEqual([['(ssize_t)retval <= 0x7fffffff'], []]);
  });
  it('holds of arguments by their numbers, and of results with their types', () => {
    const entry = withSpecs('kprobe:tcp_v4_connect { @x = arg2; }', ['addr_len >= 16'], ['retval == 7']);
    expect([ends(entry, { arg2: 15 }), ends(entry, { arg2: 0x100000010 })]).toEqual(['excluded', 'done']);
    const left = withSpecs('kretprobe:tcp_v4_connect { @x = retval; }', ['addr_len >= 16'], ['retval <= 0']);
    expect([ends(left, { retval: 1 }), ends(left, { retval: 0xfffffffe })]).toEqual(['excluded', 'done']);
  });
});

describe('the pairs', () => {
  const root = join(import.meta.dirname, '../../../../test-fixtures/contracts');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.bt')).toSorted();
  it('are all understood', () => {
    const notUnderstood = files.flatMap((file) => {
      const { program, unsupported } = translated(readFileSync(join(root, file), 'utf8'));
      return [...unsupported.map(({ what }) => what), ...malformed(program)].map((what) => `${file}: ${what}`);
    });
    expect(files.length).toBeGreaterThan(300);
    expect(notUnderstood).toEqual([]);
  });
});

describe('any program', () => {
  it.each([['0.17', [0, 17, 0]], ['0.27', [0, 27, 1]]] as const)('is translated for %s into what a solver takes, or told as not understood', (_, version) => {
    const whats = samples(0, 12, version[1] === 27).flatMap(({ text }, n) => [text, mutate(text, randomly(n))]).map((text) => {
      const { program, unsupported } = translated(text, version);
      expect([text, malformed(program)]).toEqual([text, []]);
      return unsupported.length;
    });
    expect(whats.filter((count) => count === 0).length).toBeGreaterThan(10);
  });
  it('keeps what is written in a handler that is not understood open', () => {
    const { program, unsupported } = translated('fn twice($x : int64) : int64 { return $x * 2; } interval:s:1 { @x[1] = twice(3); } interval:s:2 { @x[1] = 1; }');
    expect(unsupported).toMatchObject([{ handler: 'interval:s:1', what: 'twice is a function of the program, which is not looked into' }]);
    expect(program.handlers[0]?.body).toMatchObject([{ kind: 'put', map: '@x' }]);
  });
});
