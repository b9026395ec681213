import { expect, it } from 'vitest';
import { BtfBuilder, sampleBtf } from '../../../test/support/btf.ts';
import { damage } from '../../../test/support/damage.ts';
import { UserError } from '../../base/error.ts';
import { findField, printCType, resolve } from '../ctype.ts';
import { runAtOnce } from '../turns.ts';
import { writeVmlinuxHeader } from '../vmlinux-h/write.ts';
import { Btf, KIND } from './btf.ts';
import { kfuncsOf } from './kfuncs.ts';
import { BtfKernelTypes } from './kernel-types.ts';

const SORTS = ['struct', 'union', 'enum', 'typedef', 'enumerator'] as const;
const whole = kernel();
const base = new Btf(whole);
const split = module();

/** The sample, with what only damage makes dangerous: things that hold, point to and return each other. */
function kernel(): Uint8Array {
  const b = sampleBtf();
  const first = b.add(KIND.struct, 'list', 16, { vlen: 2, extra: ['next', 0, 0, 'owner', 0, 64] });
  const pointer = b.add(KIND.pointer, '', first);
  const proto = b.add(KIND.funcProto, '', pointer, { vlen: 2, extra: ['of', pointer, 'then', pointer] });
  const callback = b.add(KIND.pointer, '', proto);
  const nested = b.add(KIND.struct, '', 16, { vlen: 2, extra: ['a', callback, 0, '', first, 64] });
  b.add(KIND.struct, 'outer', 64, { vlen: 2, extra: ['', nested, 0, 'rows', b.add(KIND.array, '', 0, { extra: [nested, 1, 3] }), 128] });
  b.add(KIND.declTag, 'bpf_kfunc', b.add(KIND.func, 'bpf_do', proto, { vlen: 1 }), { extra: [-1] });
  return b.bytes();
}

function module(): Uint8Array {
  const b = new BtfBuilder({ types: base.endId, strings: base.strings.length });
  const own = b.add(KIND.struct, 'own', 8, { vlen: 2, flag: true, extra: ['low', 1, (7 << 24), 'high', 1, (9 << 24) | 7] });
  const array = b.add(KIND.array, '', 0, { extra: [own, 1, 4] });
  b.add(KIND.typedef, 'own_t', b.add(KIND.const, '', array));
  b.add(KIND.func, 'own_do', b.add(KIND.funcProto, '', own, { vlen: 1, extra: ['it', b.add(KIND.pointer, '', own)] }));
  b.add(KIND.enum, 'own_kind', 4, { vlen: 1, extra: ['OWN', 3] });
  return b.bytes();
}

/** Asks everything one can ask of one BTF. Printing is what takes time when types run in circles: each seed prints others. */
function readAll(types: BtfKernelTypes, seed: number): number {
  const { btf } = types.types;
  let read = 0;
  for (let id = 0; id <= btf.endId; id++) {
    const type = types.types.type(id);
    if ((id + seed) % 6 === 0) read += printCType(type).length;
    read += resolve(type).kind.length + (types.types.parameterCount(id) ?? 0);
    if (type.kind === 'struct' || type.kind === 'union') read += findField(type, 'there is none')?.bitOffset ?? 0;
    if (type.kind === 'enum') read += type.values().length;
    if (btf.kind(id) === KIND.func) read += types.func(btf.text(btf.nameAt(id)))?.params.length ?? 0;
  }
  for (const sort of SORTS) for (const name of types.namesWith(sort, '', 50)) read += types[sort](name) === undefined ? 0 : 1;
  return read + kfuncsOf(btf).length;
}

/** Whether it could be read, or a message said that it could not; anything else fails the test. */
function outcome(seed: number, read: () => void): 'read' | 'told' {
  try {
    read();
    return 'read';
  } catch (error) {
    if (!(error instanceof UserError)) throw new Error(`seed ${seed}`, { cause: error });
    return 'told';
  }
}

/** How many of the cases could be read and how many were told of, and how long the longest took. */
function fuzz(cases: number, read: (seed: number) => void): { read: number; told: number; longestMs: number } {
  const ends = { read: 0, told: 0, longestMs: 0 };
  for (let seed = 0; seed < cases; seed++) {
    const began = performance.now();
    ends[outcome(seed, () => read(seed))]++;
    ends.longestMs = Math.max(ends.longestMs, performance.now() - began);
  }
  return ends;
}

it("a kernel's damaged types give what can be read, or a message: no crash, no endless work", () => {
  const ends = fuzz(10_000, (seed) => {
    const btf = new Btf(damage(whole, seed));
    expect(readAll(new BtfKernelTypes(btf), seed)).toBeGreaterThanOrEqual(0);
    outcome(seed, () => runAtOnce(writeVmlinuxHeader(btf)));
  });
  // Both happen often, so both were tried; a case takes well under a millisecond, and even a busy machine shows an endless one.
  expect(Math.min(ends.read, ends.told)).toBeGreaterThan(1000);
  expect(ends.longestMs).toBeLessThan(2000);
});
it("nor do a module's, upon a kernel that is damaged too", () => {
  const ends = fuzz(10_000, (seed) => {
    const below = seed % 3 === 0 ? new Btf(damage(whole, seed)) : base;
    const btf = new Btf(damage(split, seed + 1), below);
    expect(readAll(new BtfKernelTypes(btf, new BtfKernelTypes(below)), seed)).toBeGreaterThanOrEqual(0);
    outcome(seed, () => runAtOnce(writeVmlinuxHeader(below, [btf])));
  });
  expect(Math.min(ends.read, ends.told)).toBeGreaterThan(1000);
  expect(ends.longestMs).toBeLessThan(2000);
});
it('damaged types make no header a hundred times as long as they are', () => {
  const longest = Array.from({ length: 3000 }, (_, seed) => {
    let length = 0;
    outcome(seed, () => (length = runAtOnce(writeVmlinuxHeader(new Btf(damage(whole, seed)))).length));
    return length;
  });
  expect(Math.max(...longest)).toBeLessThan(100 * whole.length);
});
