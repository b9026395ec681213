import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { stock } from '../grammar/files.ts';
import { inRoot } from '../grammar/native.ts';

const pairs = z.array(z.tuple([z.string(), z.string()]));
const configuration = z
  .object({
    comments: z.object({ lineComment: z.string(), blockComment: z.tuple([z.string(), z.string()]) }),
    brackets: pairs,
    autoClosingPairs: z.array(z.object({ open: z.string(), close: z.string(), notIn: z.array(z.string()) })),
    surroundingPairs: pairs,
    wordPattern: z.string(),
    indentationRules: z.object({ increaseIndentPattern: z.string(), decreaseIndentPattern: z.string(), unIndentedLinePattern: z.string() }),
    onEnterRules: z.array(z.object({ beforeText: z.string(), afterText: z.string().optional(), previousLineText: z.string().optional(), action: z.object({ indent: z.string(), appendText: z.string().optional(), removeText: z.number().optional() }) })),
    folding: z.object({ markers: z.object({ start: z.string(), end: z.string() }) }),
  })
  .parse(JSON.parse(readFileSync(inRoot('grammars/bpftrace.language-configuration.json'), 'utf8')));

const words = (line: string): string[] => [...line.matchAll(new RegExp(configuration.wordPattern, 'g'))].map(([word]) => word);
const increases = (line: string): boolean => new RegExp(configuration.indentationRules.increaseIndentPattern).test(line);
const decreases = (line: string): boolean => new RegExp(configuration.indentationRules.decreaseIndentPattern).test(line);

/** What the first rule that fits puts on the new line. */
function onEnter(before: string, after = '', previous = ''): string | undefined {
  const fits = (pattern: string | undefined, text: string): boolean => pattern === undefined || new RegExp(pattern).test(text);
  return configuration.onEnterRules.find((rule) => fits(rule.beforeText, before) && fits(rule.afterText, after) && fits(rule.previousLineText, previous))?.action.appendText;
}

describe('words', () => {
  it.each([
    ['@map[$var, args.x] = $1 + $#;', ['@map', '$var', 'args', 'x', '$1', '$#']],
    ['@ = curtask->pid', ['@', 'curtask', 'pid']],
    ['0x1F + 5ms - 1_000ull', ['0x1F', '5ms', '1_000ull']],
    ['kprobe:vfs_read', ['kprobe', 'vfs_read']],
    ['', []],
  ])('%j', (line, expected) => {
    expect(words(line)).toEqual(expected);
  });
});

describe('indentation', () => {
  it.each(['kprobe:f {', 'kprobe:f /pid == 1/ {', '{', 'if ($a == "}") {', 'printf("%d {\\n",', 'printf(', '@x[', 'struct s { // one', '} else {', '/* c */ BEGIN {'])('more behind %j', (line) => {
    expect(increases(line)).toBe(true);
  });
  it.each(['kprobe:f { }', 'print("{");', '// kprobe:f {', '  // {', 'f(1);', '@x[1] = 2;', 'kprobe:a,', '#define A {x}', '/* { */'])('the same behind %j', (line) => {
    expect(increases(line)).toBe(false);
  });
  it.each(['}', '  }', '  ) + 1', '];', '/* end */ }'])('less at %j', (line) => {
    expect(decreases(line)).toBe(true);
  });
  it.each(['print("}");', '// }', 'kprobe:f { }'])('not less at %j', (line) => {
    expect(decreases(line)).toBe(false);
  });
  it('directives stand at the margin', () => {
    expect(new RegExp(configuration.indentationRules.unIndentedLinePattern).test('#ifdef X')).toBe(true);
  });
  it('takes no time on any line of the stock tools, nor on a long one', () => {
    const begun = performance.now();
    for (const line of [...stock().flatMap(({ text }) => text.split('\n')), '{("[/'.repeat(2000)]) increases(line);
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});

describe('a new line', () => {
  it.each([
    ['/* first', '', '', ' * '],
    ['/*', ' */', '', ' * '],
    [' * second', '', '/* first', '* '],
    ['/* done */', '', '', undefined],
    ['// split', 'here', '', '// '],
    ['// not split', '', '', undefined],
    ['  //@ assert $x', '== 1', '', '//@ '],
    ['$x = 1;', '', '', undefined],
  ])('behind %j and before %j', (before, after, previous, expected) => {
    expect(onEnter(before, after, previous)).toBe(expected);
  });
});

it('closes brackets, quotes and comments, but not in comments and strings; a slash only around what is selected', () => {
  expect(configuration.autoClosingPairs.map(({ open }) => open)).toEqual(['{', '[', '(', '"', '/*']);
  expect(configuration.autoClosingPairs.every(({ notIn }) => notIn.includes('comment') && notIn.includes('string'))).toBe(true);
  expect(configuration.surroundingPairs).toContainEqual(['/', '/']);
});

it('folds between region comments', () => {
  const { start, end } = configuration.folding.markers;
  expect(new RegExp(start).test('// #region Network')).toBe(true);
  expect(new RegExp(start).test('// the region')).toBe(false);
  expect(new RegExp(end).test('  //endregion')).toBe(true);
});
