import { describe, expect, it } from 'vitest';
import { parser } from '../../../../test/support/parser.ts';
import { allFaults } from './all-faults.ts';
import { parseDocument } from './parse.ts';

describe('what other languages write gets one fault, with what bpftrace writes', () => {
  it.each([
    ['BEGIN { int x = 5; }', 'A variable is written $x.'],
    ['BEGIN { x = 5; }', 'A variable is written $x.'],
    ['BEGIN { let x = 1; }', 'A variable is written $x.'],
    ['BEGIN {\n# a shell\'s "comment\n print(1); }', 'A comment begins with //'],
    ['BEGIN {\n#define A 1\n print(1); }', 'C definitions stand at the top of a program, before everything else.'],
    ["BEGIN { $x = 'a'; }", 'A string stands in double quotes.'],
    ['BEGIN { print("a" "b"); }', 'Expected an operator or a comma after "a"'],
    ['BEGIN { if ($x == 1 and $y == 2) { } }', 'Write && for and.'],
    ['BEGIN { if ($x === 1) { } }', 'Write == to compare.'],
    ['kprobe:f /pid = 3/ { }', 'Write == to compare.'],
    ['BEGIN { if (1) { } elif (2) { } }', 'Write else if.'],
    ['BEGIN { do { } while (1); }', 'There is no do. Write while (…) { … }.'],
    ['BEGIN { switch ($x) { case 1: print(1); } }', 'There is no switch. Write if (…) { … } else if (…) { … }.'],
    ['BEGIN { for ($kv in @y) { } }', 'Write for ($kv : @map) { … }.'],
    ['BEGIN { foreach ($x in @y) { } }', 'Write for ($kv : @map) { … }.'],
    ['fn f($x) { }', 'A function is written fn name($x : uint64) : uint64 { … }.'],
    ['macro m { }', 'A macro is written macro name($x, @y, z) { … }.'],
    ['config { a = 1 }', 'The configuration is written config = { name = value; … }.'],
    ['let @a;', 'A map is declared with its kind and size: let @name = hash(100);'],
    ['kprobe:f if (pid) { }', 'A condition of a probe stands between slashes: /pid == 1/'],
    ['kprobe:f (pid == 3) { }', 'A condition of a probe stands between slashes: /pid == 1/'],
  ])('%j', (text, message) => expect(allFaults(parseDocument(parser, text)).map((fault) => fault.message)).toEqual([message]));

  it.each([
    ['BEGIN { xy = 5; }', 'BEGIN { $xy = 5; }'],
    ['BEGIN { let xy = 5; }', 'BEGIN { let $xy = 5; }'],
    ['kprobe:f /pid = 3/ { }', 'kprobe:f /pid == 3/ { }'],
    ['BEGIN {\n  # note\n}', 'BEGIN {\n  // note\n}'],
  ])('%j is repaired', (text, expected) => {
    const { span, newText } = allFaults(parseDocument(parser, text))[0]?.repair ?? { span: { start: 0, end: 0 }, newText: '' };
    const repaired = text.slice(0, span.start) + newText + text.slice(span.end);
    expect(repaired).toBe(expected);
    expect(allFaults(parseDocument(parser, repaired))).toEqual([]);
  });
});
