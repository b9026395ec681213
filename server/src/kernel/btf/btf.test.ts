import { expect, it } from 'vitest';
import { BtfBuilder, sampleBtf } from '../../../test/support/btf.ts';
import { findField, printCType, resolve, type CType } from '../ctype.ts';
import { Btf, KIND } from './btf.ts';
import { BtfKernelTypes } from './kernel-types.ts';

const sample = new BtfKernelTypes(new Btf(sampleBtf().bytes()));

function show(type: CType | undefined): string {
  return type === undefined ? '(none)' : printCType(type);
}

it('reads structs with bit fields, arrays, and what lies in an anonymous union', () => {
  const thing = sample.struct('thing');
  expect(thing?.fields().map((f) => [f.name, show(f.type()), f.bitOffset, f.bits])).toEqual([
    ['low', 'int', 0, 3],
    ['high', 'int', 3, 5],
    ['comm', 'char[16]', 32, undefined],
    ['', 'union (anonymous)', 192, undefined],
    ['flag', '_Bool', 160, undefined],
  ]);
  const text = thing && findField(thing, 'text');
  expect([text?.bitOffset, show(text?.type())]).toEqual([192, 'char *']);
  const pointer = text && resolve(text.type());
  expect(pointer).toMatchObject({ kind: 'pointer', tag: 'user' });
});
it('reads values of enums, wide and signed', () => {
  expect(sample.enum('colour')?.values()).toEqual([{ name: 'RED', value: 1n }, { name: 'NOT_RED', value: -1n }]);
  expect(sample.enumerator('WIDE')?.value).toBe(0x1_ffff_ffffn);
  expect([sample.enumerator('ANONYMOUS')?.value, sample.enumerator('ANONYMOUS')?.of.name, sample.enumerator('BLUE')]).toEqual([7n, '', undefined]);
});
it('reads prototypes, variadic ones too, and resolves typedefs through volatile', () => {
  const proto = sample.func('do_thing');
  expect([show(proto), proto?.params.map((p) => p.name), proto?.variadic]).toEqual(['int (char *, thing_id_t, ...)', ['path', 'id'], true]);
  const alias = sample.typedef('thing_id_t');
  expect([alias?.kind, show(alias && resolve(alias))]).toEqual(['typedef', 'int']);
  expect(sample.types.parameterCount(sample.names('func').find(new TextEncoder().encode('do_thing')))).toBe(3);
});
it('keeps sorts of names apart, and forward declarations, variables and tags out', () => {
  for (const name of ['thing_id_t', 'hidden', 'counter', 'bpf_kfunc', 'do_thing', '']) expect([name, sample.struct(name)]).toEqual([name, undefined]);
  expect([sample.union('thing'), sample.enum('thing'), sample.typedef('thing'), sample.func('counter')]).toEqual([undefined, undefined, undefined, undefined]);
});
it('tells names by their beginning, sorted, up to a limit', () => {
  expect(sample.namesWith('enumerator', '', 9)).toEqual(['ANONYMOUS', 'NOT_RED', 'RED', 'WIDE']);
  expect(sample.namesWith('enumerator', '', 2)).toEqual(['ANONYMOUS', 'NOT_RED']);
  expect(sample.namesWith('typedef', 'thing', 9)).toEqual(['thing_id_t']);
  expect([sample.namesWith('struct', 'x', 9), sample.namesWith('struct', '', 0)]).toEqual([[], []]);
});
it('gives one object for one type', () => {
  expect(sample.struct('thing')).toBe(sample.struct('thing'));
  expect(sample.struct('thing')?.fields()[0]?.type()).toBe(sample.struct('thing')?.fields()[1]?.type());
});
it('reads big-endian BTF', () => {
  const types = new BtfKernelTypes(new Btf(sampleBtf().bytes(false)));
  expect([types.struct('thing')?.size, show(types.func('do_thing'))]).toEqual([32, 'int (char *, thing_id_t, ...)']);
});
it("reads a module's BTF upon its kernel's: numbers and strings go on, and a name may be the kernel's", () => {
  const kernel = sampleBtf();
  const base = new Btf(kernel.bytes());
  const split = new BtfBuilder({ types: base.endId, strings: base.strings.length });
  const thing = sample.names('struct').find(new TextEncoder().encode('thing'));
  const pointer = split.add(KIND.pointer, '', thing);
  split.add(KIND.struct, 'module_thing', 8, { vlen: 1, extra: ['of', pointer, 0] });
  const proto = split.add(KIND.funcProto, '', 1, { vlen: 1, extra: ['it', pointer] });
  split.add(KIND.func, 'module_do', proto);
  const module = new BtfKernelTypes(new Btf(split.bytes(), base), new BtfKernelTypes(base));
  expect([show(module.struct('module_thing')?.fields()[0]?.type()), show(module.func('module_do')), module.struct('thing')?.size]).toEqual(['struct thing *', 'int (struct thing *)', 32]);
  expect(module.namesWith('struct', '', 9)).toEqual(['module_thing', 'thing']);
  expect(module.func('do_thing')).toBeUndefined();
});

it.each([
  ['no bytes', new Uint8Array(), 'it has only 0 bytes'],
  ['another file', new TextEncoder().encode('#!/bin/sh\necho this is no BTF'), 'it does not begin with the mark of BTF'],
  ['a file cut off', sampleBtf().bytes().subarray(0, 200), 'it is shorter than its header says'],
])('%s: says what is wrong', (_, bytes, why) => {
  expect(() => new Btf(bytes)).toThrow(`The kernel's type information (BTF) cannot be read: ${why}.`);
});
it('says which type it does not know', () => {
  const b = new BtfBuilder();
  b.add(1, 'int', 4, { extra: [32] });
  b.add(29, 'future', 0);
  expect(() => new Btf(b.bytes())).toThrow('type 2 is of kind 29, which is not known here');
});
