import { describe, expect, it } from 'vitest';
import { constant, instruction, together } from '../../../test/support/random-bpf.ts';
import { Terms } from '../terms/terms.ts';
import { Cells } from './cells.ts';
import { flowOf } from './flow.ts';
import { decode } from './instruction.ts';
import { leavesOf } from './layout.ts';
import { loaded, mergedMemory, NO_MEMORY, stored } from './memory.ts';
import { Output } from './output.ts';
import { number, type Region } from './value.ts';
import type { CStruct, CType } from '../../kernel/ctype.ts';
import { translateObject } from './translate.ts';

const terms = new Terms();
const EXIT = instruction(0x95, 0, 0, 0, 0);
const add = instruction(0x07, 0, 0, 0, 1);
/** `if r0 == 1` and `goto`, so many instructions on. */
const branch = (by: number): Uint8Array => instruction(0x15, 0, 0, by, 1);
const go = (by: number): Uint8Array => instruction(0x05, 0, 0, by, 0);

describe('flow', () => {
  const order = (...code: readonly Uint8Array[]): unknown => flowOf(decode(together(code)), 0).order;
  it('ways that part and meet: the meeting comes last', () => expect(order(branch(2), add, go(1), add, EXIT)).toEqual([0, 1, 3, 4]));
  it('a loop with what is in it, then what is behind', () => expect(order(add, branch(1), go(-3), EXIT)).toEqual([{ head: 0, body: [2] }, 3]));
  it('a loop in a loop', () => expect(order(add, add, branch(-2), branch(-4), EXIT)).toEqual([{ head: 0, body: [{ head: 1, body: [] }, 3] }, 4]));
  it('a constant takes two places', () => expect([...flowOf(decode(together([constant(0, 7n), branch(0), EXIT])), 0).ends]).toEqual([[0, 3], [3, 4]]));
});

describe('memory', () => {
  const region: Region = { kind: 'own', name: 'frame' };
  const other = (): never => { throw new Error('nothing was written there'); };
  const word = terms.input('word', 64);
  const half = terms.input('half', 32);
  it('gives back what was stored, whole and in pieces', () => {
    const memory = stored(NO_MEMORY, region, -8, number(word));
    expect(loaded(terms, memory, region, -8, 8, other).term).toBe(word);
    expect(loaded(terms, memory, region, -6, 2, other).term).toBe(terms.extract(word, 16, 16));
    const changed = stored(memory, region, -4, number(half));
    expect(loaded(terms, changed, region, -8, 8, other).term).toBe(terms.concat([half, terms.extract(word, 0, 32)]));
  });
  it('after two ways holds what either wrote', () => {
    const when = terms.input('when', 'bool');
    const [a, b] = [stored(NO_MEMORY, region, 0, number(word)), stored(NO_MEMORY, region, 0, number(terms.bits(5n, 64)))];
    const both = mergedMemory(terms, [{ when, memory: a }, { when: terms.negate(when), memory: b }], () => undefined);
    expect(loaded(terms, both, region, 0, 8, other).term).toBe(terms.ite(when, word, terms.bits(5n, 64)));
  });
});

it('what is read in parts that overlap is one value, known the second time', () => {
  const first = new Cells();
  expect(first.at(12, 2, 'h_proto')).toEqual({ offset: 12, bytes: 2 });
  first.at(13, 1);
  first.at(20, 4);
  const second = new Cells(first);
  expect([second.at(13, 1), second.at(20, 4)]).toEqual([{ offset: 12, bytes: 2 }, { offset: 20, bytes: 4 }]);
  expect(second.name({ offset: 12, bytes: 2 })).toBe('h_proto');
});

it('fields of structs, of a union the member that is told apart most finely', () => {
  const int = (size: number): CType => ({ kind: 'int', name: `u${size * 8}`, size, signed: false });
  const struct = (size: number, fields: ReturnType<CStruct['fields']>, kind: CStruct['kind'] = 'struct'): CStruct => ({ kind, name: 's', size, fields: () => fields });
  const field = (name: string, type: CType, offset: number, bits?: number): ReturnType<CStruct['fields']>[number] => ({ name, type: () => type, bitOffset: offset, ...(bits !== undefined && { bits }) });
  const pair = struct(8, [field('daddr', int(4), 0), field('rcv_saddr', int(4), 32)]);
  const union = struct(8, [field('addrpair', int(8), 0), field('', pair, 0)], 'union');
  const text: CType = { kind: 'array', of: () => int(1), length: 16 };
  const words: CType = { kind: 'array', of: () => int(8), length: 2 };
  const leaves = leavesOf(struct(42, [field('', union, 0), field('ihl', int(1), 64, 4), field('version', int(1), 68, 4), field('comm', text, 72), field('args', words, 200)]));
  expect(leaves.map(({ name, offset, bytes }) => [name, offset, bytes])).toEqual([['daddr', 0, 4], ['rcv_saddr', 4, 4], ['ihl', 8, 1], ['comm', 9, 16], ['args[0]', 25, 8], ['args[1]', 33, 8]]);
});

it('what is used again is computed once', () => {
  const out = new Output(terms, { start: 0, end: 0 });
  const [a, b] = [out.read('a', 64), out.read('b', 64, terms.bits(8n, 64))];
  let sum = terms.arithmetic('add', a, b);
  for (let i = 0; i < 40; i++) sum = terms.arithmetic('mul', sum, sum);
  out.lower(sum);
  expect(out.statements.length).toBeLessThan(45);
  expect(out.read('a', 32)).not.toBe(a);
});

it('what is no object is no program to be proved', () => {
  const source = { programs: [], marks: [], invariants: [], file: 'x.bpf.c', spanOfLine: () => undefined, unsupported: [] };
  expect(translateObject(Uint8Array.from([1, 2, 3]), source)).toMatchObject({ program: { handlers: [] }, unsupported: [{ what: 'the compiled program cannot be read' }] });
});
