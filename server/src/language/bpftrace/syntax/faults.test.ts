import { describe, expect, it } from 'vitest';
import { parser } from '../../../../test/support/parser.ts';
import { allFaults } from './all-faults.ts';
import { parseDocument } from './parse.ts';

/** Each fault as its message with the text it stands on; `^` marks a place between characters. */
function faults(text: string): string[] {
  return allFaults(parseDocument(parser, text)).map(({ message, span }) => `${message} ${span.start === span.end ? `${text.slice(Math.max(0, span.start - 6), span.start)}^` : `[${text.slice(span.start, span.end)}]`}`);
}

/** The text after all repairs. */
function repaired(text: string): string {
  const repairs = allFaults(parseDocument(parser, text)).flatMap(({ repair }) => (repair ? [repair] : []));
  return repairs.reduceRight((result, { span, newText }) => result.slice(0, span.start) + newText + result.slice(span.end), text);
}

describe('one fault for each mistake', () => {
  it('a missing brace is missed at the end, and the open one shown', () => {
    const text = 'BEGIN {\n  printf("hi\\n");\n';
    const [fault, ...more] = allFaults(parseDocument(parser, text));
    expect(fault).toMatchObject({ code: 'unclosed-bracket', span: { start: text.length, end: text.length }, evidence: [{ span: { start: 6, end: 7 } }] });
    expect(more).toEqual([]);
  });

  it('the brace whose block ends too far left is the open one', () => {
    const [fault] = allFaults(parseDocument(parser, 'BEGIN {\n  if (1) {\n    exit();\n}\n'));
    expect(fault?.evidence[0]?.span.start).toBe(17);
  });

  it.each([
    ['BEGIN { $x = 1 +; exit(); }', ['+ is missing its right side. [+]']],
    ['BEGIN { $x = ; }', ['= is missing its right side. [=]']],
    ['BEGIN { $x = 1\n$y = 2; }', ['Expected ; here. $x = 1^']],
    ['BEGIN { printf("hello);\n  exit();\n}', ['This string is never closed. ["hello]']],
    ['BEGIN { printf("%d\\n, $x);\n}', ['This string is never closed. ["%d\\n]']],
    ['BEGIN { print(1; }', ['This ( is never closed. [(]']],
    ['BEGIN { print(1\n  exit();\n}', ['This ( is never closed. [(]']],
    ['BEGIN { @x[1 = 2; }', ['This [ is never closed. [[]']],
    ['BEGIN { print(1)); }', ['This ) closes nothing. [)]']],
    ['BEGIN { } }', ['This } closes nothing. [}]']],
    ['BEGIN { if (1) { } } exit(); }', ['This belongs to no probe. [exit(); }]']],
    ['BEGIN { if ($x > 1 { } }', ['This ( is never closed. [(]']],
    ['BEGIN { if () { } }', ['Expected a condition here. [(]']],
    ['BEGIN { if (1) print(1); }', ['This if has no block: expected { [if (1) print(1)]']],
    ['BEGIN { if (1) { } else print(1); }', ['Expected { or if after else. [else]']],
    ['BEGIN { else { } }', ['This else belongs to no if. [else]']],
    ['BEGIN { for (let $i = 0; $i < 5; $i++) { } }', ['bpftrace has no such loop. Write for ($i : 0..10) { … }. [(let $i = 0;]']],
    ['kprobe:f { args. }', ['Expected a field name after . [.]']],
    ['kprobe:f { $s->\n  @x = 1; }', ['Expected a field name after -> [->]']],
    ['BEGIN { print(1, ); }', ['Expected another argument after the comma. [,]']],
    ['BEGIN { print(1, , 2); }', ['Expected an expression here. int(1,^']],
    ['BEGIN { print($x $y); }', ['Expected an operator or a comma before $y [$y]']],
    ['BEGIN { $x = 5 6; }', ['Expected an operator or ; before 6 [6]']],
    ['BEGIN { $ = 1; }', ['Expected a name after $ [$]']],
    ['BEGIN { @x[] = 1; }', ['Expected an expression here.  { @x[^']],
    ['kprobe:f', ['Expected { after the attach points. robe:f^']],
    ['kprobe:f\n  exit();\n}', ['Expected { after the attach points. robe:f^']],
    ['kprobe:f /pid == 1 { }', ['Expected / at the end of this predicate. d == 1^']],
    ['kprobe:f /pid ==/ { }', ['== is missing its right side. [==]']],
    ['kprobe:f, , kprobe:g { }', ['No attach point stands before this comma. [,]']],
    [':a:b { }', ['Expected the kind of probe before the colon. [:]']],
    ['{ exit(); }', ['Expected a probe before this block. [{]']],
    ['/* a\nBEGIN { }', ['This comment is never closed. [/*]']],
    ['struct a { int b\n};\nBEGIN { }', ['Expected ; here.  int b^']],
  ])('%j', (text, expected) => expect(faults(text)).toEqual(expected));
});

describe('what the grammar reads and no bpftrace does', () => {
  it.each([
    ['BEGIN { pid[1] = 1; }', ['Only a variable or a map can be assigned to. [pid[1]]']],
    ['BEGIN { $t.1 = 2; }', ['Only a variable or a map can be assigned to. [$t.1]']],
    ['BEGIN { f()++; }', ['Only a variable or a map can be counted up or down. [f()]']],
    ['BEGIN { print(&pid); }', ['Only the address of a variable or a map can be taken. [pid]']],
    ['BEGIN { exit();; }', ['No statement stands before this ; [;]']],
    ['BEGIN { $x = 08; }', ['A number that begins with 0 is octal, and has no 8 or 9. [08]']],
    ['BEGIN { $x = 12ab; }', ['This is no number. [12ab]']],
    ['BEGIN { print("a\\q"); }', ['A string has no such escape. There are \\n, \\t, \\r, \\\\, \\", octal and \\x ones. [\\q]']],
    ['typedef int foo;\nBEGIN { }', ['bpftrace knows no typedef. Name the struct itself, or put the typedef into a header. [typedef]']],
    ['#define A \\\n  1\nBEGIN { }', ['bpftrace reads one line of a directive: a backslash joins no other to it. [\\]']],
    ['BEGIN { }\n#define A 1', ['C definitions stand at the top of a program, before everything else. [#define A 1]']],
    ['config = { }\nstruct a { int b; };', ['C definitions stand at the top of a program, before everything else. [struct a { int b; };]']],
    ['BEGIN { }\nconfig = { }', ['This stands before the first probe, function, macro and map. [config = { }]']],
    ['config = { }\nconfig = { }', ['A program has one config block. [config = { }]']],
  ])('%j', (text, expected) => expect(faults(text)).toEqual(expected));
});

describe('repairs make the text whole', () => {
  it.each([
    ['BEGIN { printf("hello);\n  exit();\n}', 'BEGIN { printf("hello");\n  exit();\n}'],
    ['BEGIN { print(1; }', 'BEGIN { print(1); }'],
    ['BEGIN { $x = 1\n$y = 2; }', 'BEGIN { $x = 1;\n$y = 2; }'],
    ['BEGIN { if (1) { exit(); }', 'BEGIN { if (1) { exit(); }}'],
    ['BEGIN { } }', 'BEGIN { } '],
    ['BEGIN { exit();; }', 'BEGIN { exit(); }'],
    ['kprobe:f /pid == 1 { }', 'kprobe:f /pid == 1/ { }'],
    ['kprobe:f', 'kprobe:f { }'],
  ])('%j', (text, expected) => {
    expect(repaired(text)).toBe(expected);
    expect(faults(expected)).toEqual([]);
  });
});
