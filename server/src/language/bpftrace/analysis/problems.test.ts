import { describe, expect, it } from 'vitest';
import { analyzed, edited, OLDEST } from '../../../../test/support/analyzed.ts';
import { texts } from '../../../../test/support/marked.ts';
import type { Version } from '../../../base/version.ts';
import type { Problem } from '../problem.ts';

/** What is said of a program: everything, in order. */
function problems(source: string, version?: Version): readonly Problem[] {
  return analyzed(source, version).analysis.problems;
}

/** Checks that exactly the marked places are reported, as errors with that code. */
function expectErrors(source: string, code: string, version?: Version): readonly Problem[] {
  const { text, spans, analysis } = analyzed(source, version);
  const errors = analysis.problems.filter((p) => p.severity === 'error');
  expect(errors.map((p) => p.code), text).toEqual(spans.map(() => code));
  expect(texts(text, errors.map((p) => p.span))).toEqual(texts(text, spans));
  expect(errors.map((p) => p.span)).toEqual(spans);
  return errors;
}

function repaired(source: string, problem: Problem | undefined): string {
  return edited(analyzed(source).text, problem?.repairs[0]?.edits ?? []);
}

describe('the exact place of a mistake', () => {
  it.each<[code: string, source: string]>([
    ['unknown-function', 'BEGIN { «prinft»("hi\\n"); }'],
    ['unknown-identifier', 'BEGIN { printf("%d\\n", «pidd»); }'],
    ['undefined-variable', 'BEGIN { printf("%d\\n", «$y»); }'],
    ['undefined-variable', 'BEGIN { if (1) { $x = 1; } print(«$x»); }'],
    ['undefined-map', 'BEGIN { print(«@nope»); }'],
    ['type-mismatch', 'BEGIN { @a = 1; «@a = "str"»; }'],
    ['type-mismatch', 'BEGIN { @a = count(); } END { «@a = 5»; }'],
    ['type-mismatch', 'BEGIN { $x = 1; «$x = "a"»; }'],
    ['type-mismatch', 'BEGIN { if («comm == 1») { } }'],
    ['type-mismatch', 'BEGIN /«comm»/ { }'],
    ['type-mismatch', 'BEGIN { print(«-comm»); }'],
    ['type-mismatch', 'struct foo { int a; } BEGIN { $f = «(struct foo)1»; }'],
    ['map-key-mismatch', 'BEGIN { @a[1] = 1; «@a["x"]» = 2; }'],
    ['map-key-mismatch', 'BEGIN { @a[1] = 1; $x = «@a»; }'],
    ['map-key-mismatch', 'BEGIN { @a["x", 1] = 1; } END { «@a[1, "x"]» = 1; }'],
    ['unknown-field', 'tracepoint:syscalls:sys_enter_openat { print(str(args.«file_name»)); }'],
    ['unknown-field', 'BEGIN { print(curtask->«piid»); }'],
    ['unknown-field', 'BEGIN { $t = (1, 2); print($t.«2»); }'],
    ['unknown-field', 'struct in { int b; }; struct out { struct { struct in i; }; } BEGIN { print(((struct out *)1)->i.«c»); }'],
    ['unknown-type', 'BEGIN { print(((struct «no_such» *)1)->x); }'],
    ['unknown-type', 'struct s { «nosuch_t» a, b; struct «nosuch» c[2]; struct fine *d; u32 e; struct list_head f; }; BEGIN { }'],
    ['unknown-type', 'struct a { int y; struct «b» x; }; struct b { struct a z; «void» v; void *p; }; BEGIN { }'],
    ['unknown-identifier', '#define MINE 3\nenum e { N = 4 }; struct s { int a[MINE]; int b[N]; int c[«PATH_MAX»]; }; BEGIN { }'],
    ['redefined', 'struct s { int a; struct { int «a»; }; struct { int a; } b; }; union «s» { int a; }; BEGIN { }'],
    ['redefined', 'enum e { A, B, «A» }; enum «e» { C, «B» }; BEGIN { }'],
    ['printf-arguments', 'BEGIN { printf("%d\\n", «"str"»); }'],
    ['printf-arguments', 'BEGIN { «printf("%d %s\\n", 1)»; }'],
    ['printf-arguments', 'BEGIN { printf("%d\\n", 1, «2»); }'],
    ['wrong-arguments', 'BEGIN { @ = «hist(1, 2, 3)»; }'],
    ['wrong-arguments', 'BEGIN { @ = lhist(1, 0, 100000, «1»); }'],
    ['wrong-arguments', 'BEGIN { unroll(«101») { } }'],
    ['wrong-arguments', 'BEGIN { $x = reg(«"nope"»); }'.replace('BEGIN', 'kprobe:vfs_read')],
    ['misplaced', 'BEGIN { $x = «count()»; }'],
    ['misplaced', 'tracepoint:syscalls:sys_enter_read { print(«retval»); }'],
    ['misplaced', 'BEGIN { «break»; }'],
    ['bad-attach-point', '«kprobe:» { }'],
    ['bad-attach-point', 'interval:«sec»:1 { }'],
    ['attach-point-not-found', '«kkprobe»:vfs_read { }'],
    ['attach-point-not-found', '«tracepoint:syscalls:sys_enter_opennat» { }'],
    ['attach-point-not-found', '«tracepoint:nonexist:*» { }'],
    ['out-of-bounds', 'BEGIN { print(curtask->cpus_mask.bits[«10000»]); }'],
    ['redeclared-variable', 'BEGIN { $x = 1; let «$x» = 2; }'],
    ['recursive-macro', 'macro m(x) { «m(x)» } BEGIN { print(m(1)); }'],
    ['unknown-config', 'config = { «max_strlenn» = 64 } BEGIN { }'],
    ['constant-expression', 'BEGIN { print(«1 / 0»); }'],
    ['string-too-long', `config = { max_strlen = 64 } BEGIN { printf("${'x'.repeat(80)}%s", «"${'é'.repeat(32)}"»); print("${'x'.repeat(63)}"); }`],
  ])('%s: %s', (code, source) => {
    expectErrors(source, code);
  });
  it('unsafe functions are errors without --unsafe only', () => {
    expect(problems('BEGIN { system("ls"); }')).toEqual([]);
  });
});

describe('what is meant is suggested, with a repair', () => {
  it.each([
    ['BEGIN { prinft("x"); }', 'BEGIN { printf("x"); }'],
    ['BEGIN { print(pidd); }', 'BEGIN { print(pid); }'],
    ['BEGIN { $count = 1; print($cuont); }', 'BEGIN { $count = 1; print($count); }'],
    ['BEGIN { @start[tid] = 1; print(@strat); }', 'BEGIN { @start[tid] = 1; print(@start); }'],
    ['tracepoint:syscalls:sys_enter_openat { print(args.filenam); }', 'tracepoint:syscalls:sys_enter_openat { print(args.filename); }'],
    ['tracepoint:syscalls:sys_enter_opennat { }', 'tracepoint:syscalls:sys_enter_openat { }'],
    ['t:syscalls:sys_enter_opennat { }', 't:syscalls:sys_enter_openat { }'],
    ['kkprobe:vfs_read { }', 'kprobe:vfs_read { }'],
    ['BEGIN { printf("%s|%d\\n", comm, comm); }', 'BEGIN { printf("%s|%s\\n", comm, comm); }'],
    ['struct foo { int value; } BEGIN { print(((struct foo *)1)->valeu); }', 'struct foo { int value; } BEGIN { print(((struct foo *)1)->value); }'],
    ['BEGIN { @a = count(); @b = @a; }', 'BEGIN { @a = count(); @b = (int64)@a; }'],
  ])('%s', (source, wanted) => {
    const [found] = problems(source);
    expect(repaired(source, found)).toBe(wanted);
    expect(problems(wanted).filter((p) => p.severity === 'error')).toEqual([]);
  });
});

describe('evidence', () => {
  it('names the first use with another type', () => {
    const { text, analysis } = analyzed('BEGIN { @a[1] = 1; @a["x"] = 2; @b = 1; @b = "s"; }');
    expect(analysis.problems.map((p) => texts(text, p.evidence.flatMap((e) => e.span ?? [])))).toEqual([['@a[1]'], ['@b = 1']]);
  });
  it('names the call that a macro was expanded from', () => {
    const { text, analysis } = analyzed('macro m(x) { printf("%d", x) } BEGIN { m(comm); }');
    expect(analysis.problems.map((p) => p.code)).toEqual(['printf-arguments']);
    expect(texts(text, analysis.problems.flatMap((p) => p.evidence.flatMap((e) => e.span ?? [])))).toContain('m(comm)');
  });
});

describe('what only one of the versions accepts', () => {
  // Measured with 0.17.0, 0.23.2 and 0.27.1.
  it.each<[source: string, accepted: string]>([
    ['BEGIN { @a = 1; print(@a); }', '17 23 27'],
    ['END { print(@a); @b[@c] = 1; } BEGIN { @a = 1; @c = "x"; }', '17 23 27'],
    ['END { print(ksym(@a)); } BEGIN { @a = nsecs; }', '27'],
    ['END { $x = (uint64)@a; } BEGIN { @a = 1; }', '27'],
    ['BEGIN { if (1) { $x = 1; } print($x); }', '17'],
    ['BEGIN { $x = 1; $x = nsecs; }', '17 27'],
    ['BEGIN { $x = (uint8)1; $x = 1000; }', '17 27'],
    ['BEGIN { $x = pid; $x = 5; }', '17 23 27'],
    ['BEGIN { @a[1, 2] = 1; $t = (1, 2); @a[$t] = 2; }', '23 27'],
    ['BEGIN { @a = count(); @b = @a; }', '17'],
    ['BEGIN { @a = count(); if (@a > 5) { } }', '23 27'],
    ['BEGIN { $a = *curtask; print($a->pid); }', '27'],
    ['BEGIN { if (curtask) { } }', '23 27'],
    ['BEGIN { if (!curtask) { } }', ''],
    ['BEGIN { $x = pid ? (1, 2) : (3, 4); }', '27'],
    ['BEGIN { printf("%s", 5); }', '27'],
    ['BEGIN { printf("%i %+d", 1, 2); }', '27'],
    ['BEGIN { @[1] = 1; print(@[1]); }', '23 27'],
    ['BEGIN { $x = "abc"; print($x[0]); }', '27'],
    ['BEGIN { } BEGIN { }', '27'],
    ['BEGIN { $x = @nope; }', '27'],
    ['BEGIN { @a[kstack] = 1; @a[kstack(3)] = 1; }', '17 23'],
    ['BEGIN { $x = 1 == 1; $x = 5; }', '17 23'],
    ['BEGIN { exit(1); }', '23 27'],
  ])('%s', (source, accepted) => {
    const versions: readonly (readonly [string, Version])[] = [['17', OLDEST], ['23', [0, 23, 2]], ['27', [0, 27, 1]]];
    const without = versions.filter(([, version]) => !problems(source, version).some((p) => p.severity === 'error')).map(([name]) => name);
    expect(without.join(' ')).toBe(accepted);
  });
});

describe('what 0.27 makes of integers and of texts known beforehand', () => {
  // Measured with 0.27.1.
  const errors = (source: string): readonly Problem[] => problems(source, [0, 27, 1]).filter((p) => p.severity === 'error');
  it.each([
    'BEGIN { @s[tid] = nsecs; let $us: uint64 = (nsecs - @s[tid]) / 1000; $us = pid; }',
    'BEGIN { let $n: uint8 = 1; $n++; $n -= nsecs; $n = (int64)300; }',
    'BEGIN { if ("a" + "b" == "ab" && "a" < "b") { printf("%s" + "%d\\n", "x", 1); } }',
    'BEGIN { $s = "a" + "b"; $s = "cde"; @["k" + "ey"] = 1; print("abc" + 1); print("a" && true); }',
    'BEGIN { $i = nsecs; $i++; $i = 18446744073709551615; }',
    'BEGIN { @i = nsecs; @i++; @i = 18446744073709551615; }',
  ])('accepts %s', (source) => {
    expect(errors(source)).toEqual([]);
  });
  it.each<[code: string, source: string]>([
    ['type-mismatch', 'BEGIN { «let $n: uint8 = 300»; }'],
    ['type-mismatch', 'BEGIN { let $n: uint64 = 1; «$n = -1»; }'],
    ['type-mismatch', 'BEGIN { print(«comm + "b"»); }'],
    ['type-mismatch', 'BEGIN { print(«"a" - "b"»); }'],
    ['type-mismatch', 'BEGIN { print(«"a" && 1»); }'],
    ['type-mismatch', 'BEGIN { print(«"a" + cpu»); }'],
    // A difference is signed, and no signed integer holds that much.
    ['type-mismatch', 'BEGIN { $i = nsecs; $i--; «$i = 18446744073709551615»; }'],
    ['type-mismatch', 'BEGIN { @i = nsecs; @i--; «@i = 18446744073709551615»; }'],
    ['wrong-arguments', 'BEGIN { @s = 1; print(len(«@s»)); }'],
    ['wrong-arguments', 'let @m = «hash»(); BEGIN { @m[1] = 1; }'],
    ['wrong-arguments', 'let @m = «lruhash»("a"); BEGIN { @m[1] = 1; }'],
  ])('%s: %s', (code, source) => {
    expectErrors(source, code, [0, 27, 1]);
  });
  it('only so many arguments are in registers', () => {
    for (const version of [OLDEST, [0, 27, 1]] as const) expectErrors('uprobe:/bin/bash:readline { print(arg5); print(«arg6»); }', 'unknown-identifier', version);
  });
  it('no profile has a rate of 0', () => {
    expectErrors('profile:hz:«0» { @ = count(); }', 'bad-attach-point', OLDEST);
  });
});

describe('how sure an absence is', () => {
  it('without a target, functions are missed with a warning', () => {
    expect(problems('kprobe:no_such_function { }')).toMatchObject([{ severity: 'warning', code: 'attach-point-not-found' }]);
  });
  it('nothing is said of programs and libraries', () => {
    expect(problems('uprobe:/no/such/binary:f { } usdt:/no/such/binary:p:n { }')).toEqual([]);
  });
  it('categories of other kernels are missed with a warning', () => {
    expect(problems('tracepoint:capability:cap_capable { }')).toMatchObject([{ severity: 'warning', code: 'attach-point-not-found' }]);
  });
  it('a program may ask to be only warned', () => {
    expect(problems('config = { missing_probes = warn } tracepoint:sched:nope { }')).toMatchObject([{ severity: 'warning' }]);
  });
  it('types of headers that are not read are not missed', () => {
    expect(problems('#include <linux/nope.h>\nBEGIN { print(((struct nope *)1)->x); }')).toEqual([]);
  });
});
