import { describe, expect, it } from 'vitest';
import { BtfBuilder, sampleBtf } from '../../../test/support/btf.ts';
import { Btf, KIND } from '../btf/btf.ts';
import { runAtOnce } from '../turns.ts';
import { writeVmlinuxHeader } from './write.ts';

const write = (btf: BtfBuilder, modules: readonly Btf[] = []): string => runAtOnce(writeVmlinuxHeader(new Btf(btf.bytes()), modules));

/** What stands between the frame of the header, without empty lines. */
function definitions(header: string): string[] {
  const from = header.indexOf('#endif\n') + 7;
  return header.slice(from, header.lastIndexOf('\n#ifndef BPF_NO_PRESERVE_ACCESS_INDEX')).split('\n').filter((line) => line !== '');
}

/** With `int` as type 1 and `char` as type 2. */
function builder(): BtfBuilder {
  const b = new BtfBuilder();
  b.add(KIND.int, 'int', 4, { extra: [(1 << 24) | 32] });
  b.add(KIND.int, 'char', 1, { extra: [8] });
  return b;
}

const INT = 1;
const CHAR = 2;

function written(add: (b: BtfBuilder) => void): string[] {
  const b = builder();
  add(b);
  return definitions(write(b));
}

it('writes every kind of type', () => {
  expect(definitions(write(sampleBtf()))).toEqual([
    'enum colour {', '\tRED = 1,', '\tNOT_RED = -1,', '};',
    'enum wide {', '\tWIDE = 8589934591ULL,', '} __attribute__((mode(DI)));',
    'struct thing {', '\tint low: 3;', '\tint high: 5;', '\tchar: 8; short: 16;', '\tchar comm[16];',
    '\tunion {', '\t\tint number;', '\t\tconst __attribute__((btf_type_tag("user"))) char *text;', '\t};', '\t_Bool flag;', '\tchar: 8; short: 16; long: 64;', '};',
    'typedef volatile int __thing_id_t;',
    'typedef __thing_id_t thing_id_t;',
    'enum {', '\tANONYMOUS = 7,', '};',
  ]);
});
it('frames the header as programs expect it', () => {
  const header = write(builder());
  expect(header).toMatch(/^#ifndef __VMLINUX_H__\n#define __VMLINUX_H__\n/);
  expect([header.match(/pragma clang attribute push \(__attribute__\(\(preserve_access_index\)\), apply_to = record\)/g)?.length, header.match(/pragma clang attribute pop/g)?.length]).toEqual([1, 1]);
});

describe('declarations', () => {
  const declared = (make: (b: BtfBuilder) => number): string | undefined => written((b) => b.add(KIND.typedef, 'x', make(b))).at(-1);
  const pointer = (b: BtfBuilder, to: number): number => b.add(KIND.pointer, '', to);
  const array = (b: BtfBuilder, of: number, length: number): number => b.add(KIND.array, '', 0, { extra: [of, INT, length] });
  const proto = (b: BtfBuilder, returns: number, ...params: number[]): number => b.add(KIND.funcProto, '', returns, { vlen: params.length, extra: params.flatMap((type) => ['', type]) });

  it.each<[string, (b: BtfBuilder) => number]>([
    ['typedef void *x;', (b) => pointer(b, 0)],
    ['typedef int x[2][3];', (b) => array(b, array(b, INT, 3), 2)],
    ['typedef int *x[2];', (b) => array(b, pointer(b, INT), 2)],
    ['typedef int (*x)[2];', (b) => pointer(b, array(b, INT, 2))],
    ['typedef int (*x)(char);', (b) => pointer(b, proto(b, INT, CHAR))],
    ['typedef void (*x)(void);', (b) => pointer(b, proto(b, 0))],
    ['typedef int x(char, ...);', (b) => proto(b, INT, CHAR, 0)],
    ['typedef int (*(*x)(char *))(void);', (b) => pointer(b, proto(b, pointer(b, proto(b, INT)), pointer(b, CHAR)))],
    ['typedef int (*(*x[4])(void))[2];', (b) => array(b, pointer(b, proto(b, pointer(b, array(b, INT, 2)))), 4)],
    ['typedef const char *const volatile x;', (b) => b.add(KIND.volatile, '', b.add(KIND.const, '', pointer(b, b.add(KIND.const, '', CHAR))))],
    ['typedef const int x[2];', (b) => b.add(KIND.const, '', array(b, b.add(KIND.const, '', INT), 2))],
    ['typedef char *restrict x;', (b) => b.add(KIND.restrict, '', pointer(b, CHAR))],
    ['typedef __attribute__((address_space(1))) void *x;', (b) => pointer(b, b.add(KIND.typeTag, 'address_space(1)', 0, { flag: true }))],
    ['typedef unsigned short x;', (b) => b.add(KIND.int, '__Poly16_t', 2, { extra: [16] })],
    ['typedef _Bool x;', (b) => b.add(KIND.int, 'rust_bool', 1, { extra: [4 << 24] })],
    ['typedef unsigned __int128 x;', (b) => b.add(KIND.int, 'unsigned __int128', 16, { extra: [128] })],
    ['typedef long double x;', (b) => b.add(KIND.float, '_Float128', 16)],
    ['typedef __builtin_va_list x;', (b) => b.add(KIND.typedef, '__builtin_va_list', pointer(b, 0))],
  ])('%s', (text, make) => expect(declared(make)).toBe(text));
});

describe('order', () => {
  it('what is contained stands before, what is pointed to is declared, and nothing twice', () => {
    const lines = written((b) => {
      // Numbers are known beforehand: inner 5, its pointer 4.
      b.add(KIND.struct, 'outer', 16, { vlen: 2, extra: ['in', 5, 0, 'next', 4, 64] });
      b.add(KIND.pointer, '', 6);
      b.add(KIND.struct, 'inner', 4, { vlen: 1, extra: ['n', 7, 0] });
      b.add(KIND.struct, 'other', 8, { vlen: 1, extra: ['back', 8, 0] });
      b.add(KIND.typedef, 'number', INT);
      b.add(KIND.pointer, '', 3);
    });
    expect(lines.filter((line) => !line.startsWith('\t') && line !== '};')).toEqual(['typedef int number;', 'struct inner {', 'struct other;', 'struct outer {', 'struct other {']);
  });
  it('a struct that is only a parameter is declared outside of the parameters', () => {
    const lines = written((b) => b.add(KIND.typedef, 'callback', b.add(KIND.funcProto, '', 0, { vlen: 1, extra: ['', b.add(KIND.pointer, '', b.add(KIND.forward, 'hidden', 0))] })));
    expect(lines).toEqual(['struct hidden;', 'typedef void callback(struct hidden *);']);
  });
  it('an array behind a pointer needs its elements', () => {
    const lines = written((b) => {
      b.add(KIND.typedef, 'rows', b.add(KIND.pointer, '', b.add(KIND.array, '', 0, { extra: [6, INT, 2] })));
      b.add(KIND.struct, 'row', 4, { vlen: 1, extra: ['n', INT, 0] });
    });
    expect(lines).toEqual(['struct row {', '\tint n;', '};', 'typedef struct row (*rows)[2];']);
  });
});

describe('names', () => {
  it('several types of one name: the first keeps it', () => {
    const lines = written((b) => {
      b.add(KIND.struct, 'a', 4, { vlen: 1, extra: ['n', INT, 0] });
      b.add(KIND.struct, 'a', 1, { vlen: 1, extra: ['n', CHAR, 0] });
      b.add(KIND.union, 'a', 1, { vlen: 1, extra: ['other', 4, 0] });
      b.add(KIND.typedef, 'a', 5);
      b.add(KIND.typedef, 'a', INT);
      b.add(KIND.forward, 'a', 0);
      b.add(KIND.typedef, 'b', b.add(KIND.pointer, '', 8));
      b.add(KIND.typedef, 'c', b.add(KIND.pointer, '', b.add(KIND.forward, 'a', 0, { flag: true })));
    });
    expect(lines.filter((line) => line !== '};' && line !== '\tint n;')).toEqual(['struct a {', 'struct a___2 {', '\tchar n;', 'union a___3 {', '\tstruct a___2 other;', 'typedef union a___3 a;', 'typedef int a___2;', 'typedef struct a *b;', 'union a___4;', 'typedef union a___4 *c;']);
  });
  it('enumerators share a room with typedefs', () => {
    const lines = written((b) => {
      b.add(KIND.enum, 'e', 4, { vlen: 2, extra: ['X', 1, 'Y', 2] });
      b.add(KIND.enum, 'f', 4, { vlen: 1, extra: ['X', 3] });
      b.add(KIND.typedef, 'Y', INT);
    });
    expect(lines).toEqual(['enum e {', '\tX = 1,', '\tY___2 = 2,', '};', 'enum f {', '\tX___2 = 3,', '};', 'typedef int Y;']);
  });
  it('words of C since C23 are defined for older compilers only', () => {
    const lines = written((b) => {
      b.add(KIND.typedef, 'bool', b.add(KIND.int, '_Bool', 1, { extra: [4 << 24] }));
      b.add(KIND.enum, '', 4, { vlen: 2, extra: ['false', 0, 'true', 1] });
      b.add(KIND.enum, '', 4, { vlen: 1, extra: ['truely', 0] });
    });
    const guard = '#if __STDC_VERSION__ < 202311L';
    expect(lines).toEqual([guard, 'typedef _Bool bool;', '#endif', guard, 'enum {', '\tfalse = 0,', '\ttrue = 1,', '};', '#endif', 'enum {', '\ttruely = 0,', '};']);
  });
  it('what comes from a host is a name and nothing else', () => {
    expect(written((b) => b.add(KIND.typedef, 'x; int main() {}\n#include "/etc/passwd"', INT))).toEqual(['typedef int x__int_main_______include___etc_passwd_;']);
    expect(written((b) => b.add(KIND.typedef, 'x', b.add(KIND.pointer, '', b.add(KIND.typeTag, 'user")))\n#error', INT)))).at(-1)).toBe('typedef int *x;');
  });
});

describe('layouts', () => {
  const struct = (size: number, ...members: (readonly [string, number, number])[]): string[] => written((b) => {
    b.add(KIND.int, 'long', 8, { extra: [(1 << 24) | 64] });
    b.add(KIND.struct, 's', size, { vlen: members.length, flag: true, extra: members.flat() });
  }).slice(1);
  const LONG = 3;

  it.each<[string, string[], string[]]>([
    ['natural', struct(16, ['a', CHAR, 0], ['b', LONG, 64]), ['\tchar a;', '\tlong b;', '};']],
    ['a hole that alignment does not make', struct(16, ['a', CHAR, 0], ['b', INT, 96]), ['\tchar a;', '\tchar: 8; short: 16; int: 32; int: 32;', '\tint b;', '};']],
    ['a hole at the end', struct(64, ['a', CHAR, 0]), ['\tchar a;', `\tchar: 8; short: 16; int: 32;${' long: 64;'.repeat(7)}`, '};']],
    ['packed by an offset', struct(12, ['a', INT, 0], ['b', LONG, 32]), ['\tint a;', '\tlong b;', '} __attribute__((packed));']],
    ['packed by the size', struct(9, ['a', LONG, 0], ['b', CHAR, 64]), ['\tlong a;', '\tchar b;', '} __attribute__((packed));']],
    ['bit fields in one unit', struct(4, ['a', INT, 3 << 24], ['b', INT, (29 << 24) | 3]), ['\tint a: 3;', '\tint b: 29;', '};']],
    ['bits left out', struct(4, ['a', INT, 3 << 24], ['b', INT, (4 << 24) | 10]), ['\tint a: 3;', '\tchar: 5; char: 2;', '\tint b: 4;', '};']],
    ['a bit field across units', struct(8, ['a', INT, 30 << 24], ['b', INT, (4 << 24) | 30]), ['\tint a: 30;', '\tint b: 4;', '\tchar: 6; char: 8; short: 16;', '} __attribute__((packed));']],
    ['the next unit by itself', struct(8, ['a', INT, 30 << 24], ['b', INT, (4 << 24) | 32]), ['\tint a: 30;', '\tint b: 4;', '};']],
    ['nothing in it', struct(0), ['};']],
    ['nothing known in it', struct(4), ['\tint: 32;', '};']],
  ])('%s', (_, lines, expected) => expect(lines).toEqual(expected));

  it('unions are as large as they are', () => {
    const union = (size: number, ...members: (readonly [string, number, number])[]): string[] => written((b) => b.add(KIND.union, 'u', size, { vlen: members.length, extra: members.flat() })).slice(1);
    expect(union(4, ['a', INT, 0], ['b', CHAR, 0])).toEqual(['\tint a;', '\tchar b;', '};']);
    expect(union(64, ['a', INT, 0])).toEqual(['\tint a;', '} __attribute__((aligned(64)));']);
    expect(union(5, ['a', INT, 0], ['b', CHAR, 0])).toEqual(['\tint a;', '\tchar b;', '\tstruct {', '\t\tint: 32; char: 8;', '\t};', '} __attribute__((packed));']);
    expect(union(8)).toEqual(['\tstruct {', '\t\tlong: 64;', '\t};', '};']);
  });
  it('enums are as wide as they are', () => {
    expect(written((b) => b.add(KIND.enum, 'e', 1, { vlen: 1, extra: ['A', 1] })).at(-1)).toBe('} __attribute__((mode(QI)));');
    expect(written((b) => b.add(KIND.enum64, 'e', 8, { vlen: 2, flag: true, extra: ['A', 0, 0x80000000, 'B', 0xffffffff, 0xffffffff] })).slice(1, 3)).toEqual(['\tA = (-9223372036854775807LL - 1),', '\tB = -1LL,']);
    expect(written((b) => b.add(KIND.enum, 'e', 4)).slice(1, 2)).toEqual(['\t__empty_enum_3,']);
  });
  it('a member without a name is written out, though its type has one', () => {
    const lines = written((b) => {
      b.add(KIND.struct, 'outer', 4, { vlen: 1, extra: ['', 4, 0] });
      b.add(KIND.struct, 'inner', 4, { vlen: 1, extra: ['n', INT, 0] });
    });
    expect(lines.slice(0, 5)).toEqual(['struct outer {', '\tstruct {', '\t\tint n;', '\t};', '};']);
  });
});

it('functions that programs may call have prototypes', () => {
  const lines = written((b) => {
    b.add(KIND.typedef, 'u32', INT);
    const proto = b.add(KIND.funcProto, '', INT, { vlen: 2, extra: ['it', b.add(KIND.pointer, '', b.add(KIND.forward, 'hidden', 0)), 'u32', 3] });
    const func = b.add(KIND.func, 'bpf_do', proto);
    b.add(KIND.func, 'not_for_programs', proto);
    b.add(KIND.declTag, 'bpf_kfunc', func, { extra: [-1] });
    b.add(KIND.declTag, 'bpf_fastcall', func, { extra: [-1] });
  });
  expect(lines).toContain('extern int bpf_do(struct hidden *it, u32) __attribute__((weak, section(".ksyms"))) __kgent_fastcall;');
  expect(lines.indexOf('struct hidden;')).toBe(lines.findIndex((line) => line.startsWith('extern')) - 1);
  expect(lines.join('\n')).not.toContain('not_for_programs');
});
it('types of modules stand with those of the kernel', () => {
  const kernel = builder();
  kernel.add(KIND.struct, 'base', 4, { vlen: 1, extra: ['n', INT, 0] });
  const base = new Btf(kernel.bytes());
  const module = (own: number): Btf => {
    const split = new BtfBuilder({ types: base.endId, strings: base.strings.length });
    split.add(KIND.struct, 'mine', 8, { vlen: 2, extra: ['of', 3, 0, 'own', own, 32] });
    split.add(KIND.typedef, 'own_t', CHAR);
    return new Btf(split.bytes(), base);
  };
  expect(definitions(runAtOnce(writeVmlinuxHeader(base, [module(INT), module(5)])))).toEqual([
    'struct base {', '\tint n;', '};', 'struct mine {', '\tstruct base of;', '\tint own;', '};', 'typedef char own_t;',
    'typedef char own_t___2;', 'struct mine___2 {', '\tstruct base of;', '\town_t___2 own;', '};',
  ]);
});

describe('damage that makes endless text', () => {
  it.each<[string, (b: BtfBuilder) => void]>([
    ['a pointer to itself', (b) => b.add(KIND.typedef, 'x', b.add(KIND.pointer, '', 3))],
    ['a struct without a name in itself', (b) => b.add(KIND.typedef, 'x', b.add(KIND.struct, '', 8, { vlen: 1, extra: ['', 3, 0] }))],
    ['a function that returns itself', (b) => b.add(KIND.typedef, 'x', b.add(KIND.funcProto, '', 3))],
    ['a function of itself', (b) => b.add(KIND.typedef, 'x', b.add(KIND.funcProto, '', 0, { vlen: 2, extra: ['', 3, '', 3] }))],
    ['structs that double with each level', (b) => {
      for (let level = 0; level < 40; level++) b.add(KIND.struct, '', 8, { vlen: 2, extra: ['', 4 + level, 0, '', 4 + level, 0] });
      b.add(KIND.typedef, 'x', 3);
    }],
    ['a hole of half a gigabyte', (b) => b.add(KIND.struct, 's', 0x20000000, { vlen: 1, extra: ['n', INT, 0] })],
  ])('%s: says so', (_, add) => expect(() => written(add)).toThrow("The kernel's type information (BTF) cannot be read"));

  it('types in a ring end', () => {
    expect(written((b) => b.add(KIND.struct, 's', 4, { vlen: 1, extra: ['s', 3, 0] }))).toEqual(['struct s {', '\tstruct s s;', '};']);
    expect(written((b) => b.add(KIND.typedef, 't', 3))).toEqual(['typedef t t;']);
  });
});
