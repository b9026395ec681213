import { expect, it } from 'vitest';
import { evaluateConstant } from './constant.ts';
import { symbolsOf } from './symbols.ts';

const none = (): undefined => undefined;

it.each([
  ['1', 1n],
  ['0x10UL', 16n],
  ['017', 15n],
  ['-1', -1n],
  ['(1UL << 3) | 0x1', 9n],
  ['((1U) << (2))', 4n],
  ['(unsigned long)(( gfp_t)(1UL << 4))', 16n],
  ['((__force gfp_t)0x20u)', 32n],
  ['2 + 3 * 4', 14n],
  ['~0 & 0xff', 255n],
  ["'A'", 65n],
  ['BIT_THREE', 3n],
  ['(1 << BIT_THREE)', 8n],
])('%s is a constant', (text, value) => {
  expect(evaluateConstant(text, (name) => (name === 'BIT_THREE' ? 3n : undefined))).toBe(value);
});

it.each(['', '1 +', '(1', '1)', 'REC->x', '1 << 100', 'UNKNOWN', '4 / 0', `${'('.repeat(3_000)}1`, '"a"'])('%s is none', (text) => {
  expect(evaluateConstant(text, none)).toBeUndefined();
});

it('a table of names belongs to its field', () => {
  const format = '"state=%s", __print_symbolic(REC->state, { 1, "ESTABLISHED" }, { TCP_CLOSE, "CLOSE, or \\"never\\"" })';
  expect(symbolsOf(format, (name) => (name === 'TCP_CLOSE' ? 7n : undefined))).toEqual([
    { field: 'state', flags: false, values: new Map([[1n, 'ESTABLISHED'], [7n, 'CLOSE, or \\"never\\"']]) },
  ]);
});

it('bits are told from values, and an expression from a field', () => {
  const format = '"%s %s", (REC->prev_state & 3) ? __print_flags(REC->prev_state & 3, "|", { 0x1, "S" }, { 0x2, "D" }) : "R", __print_flags((REC->rw), "", { (1 << 0), "W" })';
  expect(symbolsOf(format, none)).toEqual([
    { field: 'prev_state', flags: true, expression: 'REC->prev_state & 3', values: new Map([[1n, 'S'], [2n, 'D']]) },
    { field: 'rw', flags: true, values: new Map([[1n, 'W']]) },
  ]);
});

it('what cannot be told is left out', () => {
  expect(symbolsOf('"%s", __print_symbolic(REC->a, { SECRET, "x" }), __print_symbolic(3, { 1, "y" }), __print_flags(REC->b', none)).toEqual([]);
});
