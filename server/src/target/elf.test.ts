import { describe, expect, it } from 'vitest';
import { isFor, machineName, readElf } from './elf.ts';
import { whyNot } from './install.ts';

interface Wanted {
  readonly bits?: 32 | 64;
  readonly little?: boolean;
  readonly type?: number;
  readonly machine?: number;
  readonly interpreter?: string;
  readonly needed?: number;
}

/** An ELF file of a header, two segments and what they hold; built by elf(5). */
function elf({ bits = 64, little = true, type = 2, machine = 62, interpreter, needed }: Wanted): Uint8Array {
  const wide = bits === 64;
  const bytes = new Uint8Array(1024);
  const view = new DataView(bytes.buffer);
  const word = (at: number, value: number): void => (wide ? view.setBigUint64(at, BigInt(value), little) : view.setUint32(at, value, little));
  bytes.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2]);
  view.setUint16(16, type, little);
  view.setUint16(18, machine, little);
  word(wide ? 32 : 28, 128);
  view.setUint16(wide ? 54 : 42, wide ? 56 : 32, little);
  const segments: [number, number, number][] = [];
  if (interpreter !== undefined) segments.push([3, 512, interpreter.length + 1]);
  if (needed !== undefined) segments.push([2, 600, 400]);
  view.setUint16(wide ? 56 : 44, segments.length, little);
  segments.forEach(([kind, offset, size], n) => {
    const at = 128 + n * (wide ? 56 : 32);
    view.setUint32(at, kind, little);
    word(at + (wide ? 8 : 4), offset);
    word(at + (wide ? 32 : 16), size);
  });
  bytes.set(new TextEncoder().encode(`${interpreter ?? ''}\0`), 512);
  for (let n = 0; n < (needed ?? 0); n++) word(600 + n * (wide ? 16 : 8), 1);
  return bytes;
}

describe('an ELF file', () => {
  it.each<[Wanted]>([[{}], [{ bits: 32, machine: 40 }], [{ little: false, machine: 22 }]])('%j is read in its own width and byte order', (wanted) => {
    expect(readElf(elf({ ...wanted, interpreter: '/lib/ld.so', needed: 2 }))).toEqual({ bits: wanted.bits ?? 64, littleEndian: wanted.little ?? true, type: 'executable', machine: wanted.machine ?? 62, interpreter: '/lib/ld.so', libraries: 2 });
  });

  it('cut off anywhere is none, or one without what is gone; reading never throws', () => {
    const whole = elf({ interpreter: '/lib/ld.so', needed: 1 });
    for (let length = 0; length < whole.length; length += 3) expect(() => readElf(whole.subarray(0, length))).not.toThrow();
    expect(readElf(whole.subarray(0, 100))).toBeUndefined();
    expect(readElf(new TextEncoder().encode('#!/bin/sh\n'))).toBeUndefined();
  });

  it('is for a machine by number, width and byte order', () => {
    const file = readElf(elf({}));
    if (!file) throw new Error('unread');
    expect([isFor(file, 'x86_64'), isFor(file, 'aarch64'), isFor(file, 'a-machine-of-tomorrow')]).toEqual([true, false, true]);
    expect(machineName(file)).toBe('x86_64');
    expect(machineName({ ...file, machine: 8 })).toContain('8');
  });
});

describe('a file to be copied as bpftrace', () => {
  it.each<[string, Uint8Array, RegExp]>([
    ['a script', new TextEncoder().encode('#!/bin/sh\necho bpftrace v1.0\n'), /no ELF program/],
    ['nothing', new Uint8Array(), /no ELF program/],
    ['of another machine', elf({ machine: 183 }), /made for aarch64, and the target is x86_64/],
    ['of the same family, half as wide', elf({ machine: 3, bits: 32 }), /made for i686/],
    ['with a dynamic loader', elf({ interpreter: '/lib64/ld-linux-x86-64.so.2' }), /linked dynamically \(it needs \/lib64\/ld-linux-x86-64\.so\.2\)/],
    ['a shared library', elf({ type: 3, needed: 1 }), /shared libraries/],
    ['an object file', elf({ type: 1 }), /no program/],
  ])('is refused when it is %s', (_what, bytes, why) => {
    expect(whyNot(bytes, 'x86_64')).toMatch(why);
  });

  it.each<[string, Uint8Array]>([
    ['statically linked', elf({})],
    ['statically linked and position-independent', elf({ type: 3, needed: 0 })],
  ])('is taken when it is %s', (_what, bytes) => {
    expect(whyNot(bytes, 'x86_64')).toBeUndefined();
  });
});
