import { describe, expect, it } from 'vitest';
import { analyzed, OLDEST } from '../../../../../test/support/analyzed.ts';
import { texts } from '../../../../../test/support/marked.ts';
import type { Version } from '../../../../base/version.ts';
import { describeType } from '../types.ts';

/** Checks that the symbol at the cursor stands at exactly the marked places. */
function expectReferences(source: string, access?: string, version?: Version): void {
  const { text, cursor, spans, analysis } = analyzed(source, version);
  const symbol = analysis.symbols.at(cursor);
  expect(symbol?.references.map((r) => r.span), text).toEqual(spans);
  if (access !== undefined) expect(symbol?.references.map((r) => r.access[0]).join('')).toBe(access);
}

describe('all places of a name', () => {
  it.each<[source: string, access: string]>([
    ['BEGIN { «@a» = 1; } END { print(«@‸a»); «@a»++; clear(«@a»); }', 'wrwr'],
    ['BEGIN { «$‸x» = 1; print(«$x»); «$x» += 2; } END { $x = 1; }', 'wrw'],
    ['BEGIN { let «$‸x»; if (1) { «$x» = 2; } }', 'dw'],
    ['BEGIN { if (1) { $x = 1; } «$x‸» = 2; print(«$x»); }', 'wr'],
    ['BEGIN { @a[1] = 1; for («$‸kv» : @a) { print(«$kv».0); } }', 'dr'],
    ['macro «‸m»(x) { x } BEGIN { print(«m»(1)); }', 'dr'],
    ['macro m(«x‸», $v) { «x» + $v } BEGIN { $x = 1; print(m(1, $x)); }', 'dr'],
    ['macro m(«@‸p») { «@p»[1] = 1; } BEGIN { m(@q); }', 'dw'],
    ['macro m(@p) { @p[1] = 1; } BEGIN { m(«@‸q»); print(«@q»); }', 'rr'],
    ['fn f(«$‸a» : int64) : int64 { return «$a»; }', 'dr'],
    ['#define «N‸» 5\nBEGIN { print(«N»); }', 'dr'],
    ['enum e { «A‸», B } BEGIN { print(«A»); }', 'dr'],
    ['struct «fo‸o» { struct «foo» *next; } BEGIN { print((struct «foo» *)1); }', 'drr'],
    ['struct foo { int «‸a»; } BEGIN { $f = (struct foo *)1; print($f->«a»); print(offsetof(struct foo, «a»)); }', 'drr'],
    ['struct foo { struct { int «‸a»; }; } BEGIN { print(((struct foo *)1)->«a»); }', 'dr'],
  ])('%s', (source, access) => {
    expectReferences(source, access);
  });
  it('a variable is seen in the whole probe before 0.22', () => {
    expectReferences('BEGIN { if (1) { «$‸x» = 1; } print(«$x»); }', 'wr', OLDEST);
  });
});

describe('what can be used at a place', () => {
  it.each<[source: string, wanted: string]>([
    ['BEGIN { $a = 1; if (1) { $b = 2; } ‸ $c = 3; @m = 1; } END { $d = 4; }', '$a @m'],
    ['BEGIN { $a = 1; if (1) { $b = 2; ‸ } }', '$a $b'],
    ['macro m($p) { ‸ } struct foo { int a; } enum e { A }', '$p A e foo m'],
  ])('%s', (source, wanted) => {
    const { cursor, analysis } = analyzed(source);
    expect(analysis.symbols.visibleAt(cursor).map((s) => s.name).toSorted().join(' ')).toBe(wanted);
  });
});

describe('types of names', () => {
  it.each<[source: string, type: string, key?: string]>([
    ['BEGIN { @‸a[comm, pid] = count(); }', 'count', '(string[16], uint32)'],
    ['BEGIN { @‸a = 1; } END { @a = nsecs; }', 'uint64', 'none'],
    ['BEGIN { @‸a = "x"; @a = comm; }', 'string[16]', 'none'],
    ['BEGIN { $‸t = curtask; }', 'struct task_struct *'],
    ['BEGIN { $‸f = curtask->mm->pgd; }', 'struct (anonymous) *'],
    ['BEGIN { @a[1] = "x"; for ($‸kv : @a) { } }', '(int8, string[2])'],
    ['BEGIN { for ($‸i : 0..1000) { } }', 'int16'],
    ['tracepoint:syscalls:sys_enter_openat { $‸f = args.filename; }', 'uint8 *'],
    ['tracepoint:sched:sched_switch { $‸p = args.prev_comm; }', 'string[16]'],
    ['struct foo { unsigned short ‸port; }', 'uint16'],
    ['BEGIN { $‸s = str(0, 31); }', 'string[32]'],
    ['BEGIN { $x = (a = 1, b = "x"); $‸y = $x.b; }', 'string[2]'],
  ])('%s', (source, type, key) => {
    const { cursor, analysis } = analyzed(source);
    const symbol = analysis.symbols.at(cursor);
    expect(symbol?.type && describeType(symbol.type)).toBe(type);
    if (key !== undefined) expect(symbol?.keyType && describeType(symbol.keyType)).toBe(key);
  });
  it('of the arguments of a probe come from the kernel', () => {
    const { analysis } = analyzed('tracepoint:syscalls:sys_enter_openat { } fentry:vfs_read { } kprobe:vfs_read { }');
    expect(analysis.probes.map((p) => (p.args?.kind === 'record' ? p.args.struct.fields().map((f) => f.name).filter((n) => !n.startsWith('__')).join(' ') : undefined))).toEqual(['dfd filename flags mode', 'file buf count pos', undefined]);
  });
});

it('attach points are counted and named canonically', () => {
  const { analysis, text } = analyzed('«BEGIN» { } «k:vfs_read», «t:syscalls:sys_enter_open*» { } «u:/bin/bash:readline» { }');
  const points = analysis.probes.flatMap((p) => p.attachPoints);
  expect(points.map((p) => [p.provider, p.matches])).toEqual([['begin', undefined], ['kprobe', 1], ['tracepoint', 5], ['uprobe', undefined]]);
  expect(texts(text, points.map((p) => p.span))).toEqual(['BEGIN', 'k:vfs_read', 't:syscalls:sys_enter_open*', 'u:/bin/bash:readline']);
});
