import { describe, expect, it } from 'vitest';
import { scan } from './scan.ts';

const attachPoints = (text: string): string[] => scan(text).probes.flatMap((p) => p.attachPoints.map((a) => a.text));
const definitions = (text: string): string[] => scan(text).definitions.map((d) => text.slice(d.start, d.end));
const unclosed = (text: string): string[] => scan(text).unclosed.map((u) => `${u.unexpected ? 'unexpected ' : ''}${u.what} ${u.token} at ${u.start}`);

describe('attach points', () => {
  it.each([
    ['BEGIN { exit(); }', ['BEGIN']],
    ['kprobe:a,\nkretprobe:b\n/pid == 1/\n{ @ = count(); } END { }', ['kprobe:a', 'kretprobe:b', 'END']],
    ['kprobe:a/arg0 \\/ 2 == 1/ { }', ['kprobe:a']],
    ['uprobe:/bin/bash:readline /pid == 1/ { }', ['uprobe:/bin/bash:readline']],
    ['uprobe:/a:b,uprobe:/c:d+0x10{}', ['uprobe:/a:b', 'uprobe:/c:d+0x10']],
    ['// kprobe:no { }\n/* kprobe:no { } */ interval:s:1 { print("kprobe:no { }"); }', ['interval:s:1']],
    ['struct foo { int a; };\nBEGIN { }', ['BEGIN']],
    ['#define X {\nBEGIN { }', ['BEGIN']],
    ['config = { stack_mode=perf } tracepoint:a:b { if (1) { } else { } }', ['tracepoint:a:b']],
    ['fn f($a : int64): int64 { return 1; } profile:hz:99 { }', ['profile:hz:99']],
    ['kprobe:half_typed {\n  printf("', ['kprobe:half_typed']],
    ['kprobe:no_block_yet', ['kprobe:no_block_yet']],
    ['hardware:cache-misses:1000000 { }', ['hardware:cache-misses:1000000']],
    ['kprobe:"tcp_*" { }', ['kprobe:"tcp_*"']],
    ['', []],
  ])('%j', (text, expected) => expect(attachPoints(text)).toEqual(expected));

  it('knows where they stand', () => {
    const text = '// x\nkprobe:a, kprobe:bc { }';
    const [, second] = scan(text).probes[0]?.attachPoints ?? [];
    expect(text.slice(second?.start, second?.end)).toBe('kprobe:bc');
  });
});

describe('C definitions', () => {
  it('come in order, comments between them left out', () => {
    expect(definitions('#!/usr/bin/env bpftrace\n// c\n#include <a.h>\nstruct a {\n  int x;\n};\nBEGIN { }\n')).toEqual([
      '#include <a.h>',
      'struct a {\n  int x;\n}',
    ]);
  });
});

describe('unclosed', () => {
  it.each([
    ['BEGIN { exit(); }', []],
    ['BEGIN { print("}"); }', []],
    ['BEGIN {\n', ['bracket { at 6']],
    ['BEGIN { print(1; }', ['bracket ( at 13']],
    ['BEGIN { } }', ['unexpected bracket } at 10']],
    ['BEGIN { print("abc);\n }', ['bracket ( at 13', 'string " at 14']],
    ['/* never ends', ['comment /* at 0']],
    ['BEGIN { print("a\\"b"); }', []],
    ['BEGIN { print("a\\\\"); }', []],
  ])('%j', (text, expected) => expect(unclosed(text).toSorted()).toEqual(expected.toSorted()));
});
