import type Parser from 'tree-sitter';
import { describe, expect, it } from 'vitest';
import { stock } from '../grammar/files.ts';
import { faults, parse, wholeProbes } from '../grammar/native.ts';

const BEFORE = 'kprobe:before /pid == 1/ { @b = count(); }\n\n';
const AFTER = '\n\nkprobe:after_1 /pid == 2/ { printf("%d", pid); }\n\ntracepoint:a:b, END { @c[pid] = 1; }\n';
const REST = ['kprobe:before', 'kprobe:after_1', 'tracepoint:a:b, END'];

/** A program as it is while somebody writes it. */
const HALF_TYPED = [
  'kpro', 'kprobe:', 'kprobe:vfs_', 'kprobe:vfs_read /', 'kprobe:vfs_read /pid ==', 'kprobe:vfs_read /pid == 1/', 'kprobe:vfs_read /pid == 1 {\n  print(1);\n}',
  'uprobe:/bin/', 'uprobe:"/bin/a:f {\n print(1); }', 'kprobe:vfs_read {', 'kprobe:vfs_read {\n  print(1);', 'kprobe:vfs_read {\n  print(1', 'kprobe:vfs_read {\n  printf(\n  exit();\n}',
  'kprobe:vfs_read {\n  printf("hello\n}', 'kprobe:vfs_read {\n  printf("hello);\n  exit();\n}', 'kprobe:vfs_read {\n  printf("hello", $x\n}', 'kprobe:vfs_read {\n  @x[pid = 1;\n  exit();\n}',
  'kprobe:vfs_read {\n  if (pid == 1) {\n    exit();\n}', 'kprobe:vfs_read {\n  if (pid == 1 {\n    exit();\n  }\n}', 'kprobe:vfs_read {\n  if (\n}', 'kprobe:vfs_read {\n  if\n}', 'kprobe:vfs_read {\n  if (1) { } else \n}',
  'kprobe:vfs_read {\n  $x = \n}', 'kprobe:vfs_read {\n  $x = ;\n exit(); }', 'kprobe:vfs_read {\n  $x = args.\n}', 'kprobe:vfs_read {\n  $x = args->;\n  exit();\n}', 'kprobe:vfs_read {\n  $x = 1 + ;\n  exit();\n}',
  'kprobe:vfs_read {\n  $x = (struct \n}', 'kprobe:vfs_read {\n  $x = (struct foo *\n  exit();\n}', 'kprobe:vfs_read {\n  $x = a ? \n}', 'kprobe:vfs_read {\n  $x = "a\\\n}',
  'kprobe:vfs_read {\n  for ($i : 0..\n}', 'kprobe:vfs_read {\n  for (\n}', 'kprobe:vfs_read {\n  while (1) \n}', 'kprobe:vfs_read {\n  let \n}', 'kprobe:vfs_read {\n  @x[\n}', 'kprobe:vfs_read {\n  $\n}',
  'kprobe:vfs_read {\n  print(@x, \n}', 'kprobe:vfs_read {\n  @x = count(;\n}', 'kprobe:vfs_read {\n  a b c\n}', 'kprobe:vfs_read {\n  print(1)\n  print(2)\n}', 'kprobe:vfs_read {\n  } }', 'kprobe:vfs_read { } )', 'kprobe:vfs_read {\n  ) exit(); }',
  'struct foo {', 'struct foo { int x', 'struct foo {\n  int x;\n  str\n};', 'fn f($a', 'fn f($a : int64) :', 'macro f(', 'macro f($x) { $x', 'config = {', 'config = { a = ', 'import "x', 'let @m = hash(', '#include <', '#define', '#include', '12', '{ }', ';',
];

it.each(HALF_TYPED)('the probes beside %j are understood', (text) => {
  const { rootNode } = parse(BEFORE + text + AFTER);
  expect(wholeProbes(rootNode)).toEqual(expect.arrayContaining(REST));
  expect(faults(rootNode).length).toBeGreaterThan(0);
});

/** Numbers that look random and are the same in each run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    yield state / 0x7fffffff;
  }
}

const tokens = (node: Parser.SyntaxNode): Parser.SyntaxNode[] => (node.childCount === 0 || node.type === 'string' ? [node] : node.children.flatMap(tokens));
const probes = (text: string) => parse(text).rootNode.children.flatMap(({ type, startIndex, endIndex }) => (type === 'probe' ? [{ startIndex, endIndex, text: text.slice(startIndex, endIndex) }] : []));

describe('a random token deleted from each stock tool, 20 times', () => {
  const random = numbers(7);
  const counts = stock().flatMap(({ text }) => {
    const all = tokens(parse(text).rootNode).filter(({ startIndex, endIndex }) => endIndex > startIndex);
    const whole = probes(text);
    return Array.from({ length: 20 }, () => {
      const gone = all[Math.floor(random.next().value * all.length)];
      if (!gone) throw new Error('no token');
      const others = whole.filter(({ startIndex, endIndex }) => endIndex < gone.startIndex || startIndex > gone.endIndex);
      const left = new Set(probes(text.slice(0, gone.startIndex) + text.slice(gone.endIndex)).map((probe) => probe.text));
      return { others: others.length, kept: others.filter((probe) => left.has(probe.text)).length };
    });
  });
  const sum = (of: 'others' | 'kept'): number => counts.reduce((total, count) => total + count[of], 0);
  it('is more than 1000 programs', () => {
    expect(counts.length).toBeGreaterThan(1000);
  });
  it('leaves 99 % of the other probes as they were', () => {
    expect(sum('kept') / sum('others')).toBeGreaterThan(0.99);
  });
});
