import { describe, expect, it } from 'vitest';
import { parser } from '../../../../test/support/parser.ts';
import { definitionsPosition } from '../definitions.ts';
import { codeOnly, outlineOf } from './outline.ts';
import { parseDocument } from './parse.ts';

const TEXT = '#!/usr/bin/env bpftrace\r\n// c\r\n#include <a.h>\r\nstruct a {\r\n  int x;\r\n};\r\nkprobe:a, kprobe:bc { print("b"); }\r\n';
const document = parseDocument(parser, TEXT);

describe('the outline', () => {
  it('knows where the attach points stand', () => {
    const points = outlineOf(document).probes.flatMap((probe) => probe.attachPoints);
    expect(points.map(({ start, end, provider, text }) => [TEXT.slice(start, end), provider, text])).toEqual([
      ['kprobe:a', 'kprobe', 'kprobe:a'],
      ['kprobe:bc', 'kprobe', 'kprobe:bc'],
    ]);
  });
  it('has the C definitions in order, without what stands between them', () => {
    const { definitions } = outlineOf(document);
    expect(definitions.map(({ start, end }) => TEXT.slice(start, end))).toEqual(['#include <a.h>', 'struct a {\r\n  int x;\r\n};']);
  });
  it.each([
    [2, 1, { line: 2, character: 0 }],
    [3, 8, { line: 3, character: 7 }],
    [4, 3, { line: 4, character: 2 }],
    [9, 1, undefined],
  ])('line %i, column %i of the collected C is at its place in the program', (line, column, expected) => {
    expect(definitionsPosition(TEXT, outlineOf(document).definitions, line, column)).toEqual(expected);
  });
});

describe('code only', () => {
  it.each([
    ['BEGIN { print("system(x)"); } // signal(1)', 'BEGIN { print(           ); }             '],
    ['/* a\n */ BEGIN { } // "', '    \n    BEGIN { }     '],
    ['uprobe:/a//b:f { "// \\" x" }', 'uprobe:/a//b:f {           }'],
  ])('%j', (text, expected) => expect(codeOnly(parseDocument(parser, text))).toBe(expected));
});
