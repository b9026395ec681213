import { describe, expect, it } from 'vitest';
import { segment } from './segments.ts';

/** Kind and text of each item. */
function items(text: string): string[] {
  return segment(text).segments.map(({ kind, start, end }) => `${kind}: ${text.slice(start, end)}`);
}

describe('balanced text: the brackets decide', () => {
  it.each([
    ['BEGIN { if (1) { } } END { }', ['probe: BEGIN { if (1) { } }', 'probe: END { }']],
    ['BEGIN\n{\nif (1)\n{\n}\n}', ['probe: BEGIN\n{\nif (1)\n{\n}\n}']],
    ['BEGIN { print("}"); } END { }', ['probe: BEGIN { print("}"); }', 'probe: END { }']],
    ['BEGIN { // }\n } END { }', ['probe: BEGIN { // }\n }', 'probe: END { }']],
    ['BEGIN { /* } */ } END { }', ['probe: BEGIN { /* } */ }', 'probe: END { }']],
    ['uprobe:/bin//x:f { } END { }', ['probe: uprobe:/bin//x:f { }', 'probe: END { }']],
    ['uprobe:/a/*/x:f { } /* c */ END { }', ['probe: uprobe:/a/*/x:f { }', 'probe: END { }']],
    ['uprobe:"a{b":f { } END { }', ['probe: uprobe:"a{b":f { }', 'probe: END { }']],
    ["enum e { A = '{' };\nEND { }", ["c-type: enum e { A = '{' };", 'probe: END { }']],
    ['struct a { int b; } __attribute__((packed));\nunion c { };', ['c-type: struct a { int b; } __attribute__((packed));', 'c-type: union c { };']],
    ['  #define X {\nBEGIN { }', ['directive: #define X {', 'probe: BEGIN { }']],
    ['config = { a = 1; }\nlet @a = hash(1)\nimport "x"; macro m() { }\nfn f() : void { }', ['config: config = { a = 1; }', 'map-decl: let @a = hash(1)', 'import: import "x";', 'macro: macro m() { }', 'func: fn f() : void { }']],
    ['BEGIN {\nkprobe:a\n}', ['probe: BEGIN {\nkprobe:a\n}']],
    ['\uFEFFBEGIN { }', ['probe: BEGIN { }']],
    ['BEGIN { "a\r\n }', ['probe: BEGIN { "a\r\n }']],
  ])('%j', (text, expected) => expect(items(text)).toEqual(expected));
});

describe('text that does not balance: the next header at the start of a line begins an item', () => {
  it.each([
    ['kprobe:a {\n  print(1;\n  if (1) {\n}\nkprobe:b { }\nEND { }', ['probe: kprobe:a {\n  print(1;\n  if (1) {\n}', 'probe: kprobe:b { }', 'probe: END { }']],
    ['BEGIN {\n  printf("a);\n}\nEND { }', ['probe: BEGIN {\n  printf("a);\n}', 'probe: END { }']],
    ['BEGIN { /* a\nEND { }', ['probe: BEGIN { /* a\n', 'probe: END { }']],
    ['/* a\nEND { }', ['garbage: /* a\n', 'probe: END { }']],
    ['kprobe:a\nkprobe:b { }', ['probe: kprobe:a', 'probe: kprobe:b { }']],
    ['kprobe:a /pid ==\nkprobe:b { }', ['probe: kprobe:a /pid ==', 'probe: kprobe:b { }']],
    ['kprobe:a /(pid\nkprobe:b { }', ['probe: kprobe:a /(pid', 'probe: kprobe:b { }']],
    ['kprobe:\nBEGIN { }', ['probe: kprobe:', 'probe: BEGIN { }']],
    ['kprobe:a\n  @x = 1;\n}\nEND { }', ['probe: kprobe:a\n  @x = 1;\n}', 'probe: END { }']],
    ['BEGIN { } }\nEND { }', ['probe: BEGIN { }', 'garbage: }', 'probe: END { }']],
    ['BEGIN { } print(1); }\nEND { }', ['probe: BEGIN { }', 'garbage: print(1); }', 'probe: END { }']],
    ['struct a { int b;\nBEGIN { }', ['c-type: struct a { int b;', 'probe: BEGIN { }']],
    ['config = {\nmacro m() { }', ['config: config = {', 'macro: macro m() { }']],
    ['BEGIN {\nstruct a { }', ['probe: BEGIN {', 'c-type: struct a { }']],
    ['BEGIN {\n}kprobe:a {\n}', ['probe: BEGIN {\n}', 'probe: kprobe:a {\n}']],
    ['BEGIN { if (1) {\n}kprobe:a {\n}', ['probe: BEGIN { if (1) {\n}', 'probe: kprobe:a {\n}']],
  ])('%j', (text, expected) => expect(items(text)).toEqual(expected));

  it('an item that stays open goes on to the end', () => {
    expect(items('BEGIN {\n  exit();\n')).toEqual(['probe: BEGIN {\n  exit();\n']);
  });
});

it('comments are found everywhere, and only there', () => {
  const text = '#!/bin/x\n// a\nuprobe:/b//c:d { /* e */ print("// f"); } // g';
  expect(segment(text).comments.map(({ start, end }) => text.slice(start, end))).toEqual(['#!/bin/x', '// a', '/* e */', '// g']);
});

describe('a megabyte of anything takes less than a second', () => {
  it.each([
    ['open brackets', '('.repeat(1e6)],
    ['nested brackets', '{'.repeat(5e5) + '}'.repeat(5e5)],
    ['unclosed probes', 'BEGIN {\n'.repeat(120_000)],
    ['unclosed comments', 'BEGIN\n/*\n'.repeat(100_000)],
    ['brackets that do not fit', '{ [ ) '.repeat(160_000)],
    ['unclosed strings', '"\n'.repeat(500_000)],
    ['unclosed quotes in a header', `kprobe:"${'\\"'.repeat(500_000)}`],
    ['headers', 'kprobe:a\n'.repeat(110_000)],
    ['predicates', 'kprobe:f /(\n'.repeat(80_000)],
    ['braces at the start of lines', 'BEGIN {\n{\n}'.repeat(80_000)],
    ['semicolons', ';'.repeat(1e6)],
    ['white space', `BEGIN {${' '.repeat(1e6)}`],
  ])('%s', (_, text) => {
    // The processor's time: other processes of a busy machine do not count.
    const started = process.cpuUsage();
    expect(segment(text).segments.length).toBeGreaterThan(0);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000).toBeLessThan(1000);
  });
});
