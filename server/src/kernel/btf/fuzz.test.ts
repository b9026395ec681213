import { expect, it } from 'vitest';
import { sampleBtf } from '../../../test/support/btf.ts';
import { UserError } from '../../base/error.ts';
import { findField, printCType, resolve } from '../ctype.ts';
import { Btf } from './btf.ts';
import { BtfKernelTypes } from './kernel-types.ts';

const whole = sampleBtf().bytes();
const SORTS = ['struct', 'union', 'enum', 'typedef', 'enumerator'] as const;

/** Numbers that look random and are the same each time (Lehmer's generator). */
function numbers(seed: number): (below: number) => number {
  let state = seed + 1;
  return (below) => (state = (state * 48_271) % 0x7fffffff) % below;
}

/** Bits turned over, words overwritten with small and great ones, the end cut off. */
function damage(seed: number): Uint8Array {
  const random = numbers(seed);
  const bytes = whole.slice();
  for (let i = random(6); i >= 0; i--) {
    const at = random(bytes.length);
    if (random(2) === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else new DataView(bytes.buffer).setUint32(Math.min(at & ~3, bytes.length - 4), random(3) === 0 ? 0xffffffff - random(4) : random(40), true);
  }
  return random(4) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
}

/** Asks everything one can ask. */
function readAll(bytes: Uint8Array): number {
  const btf = new Btf(bytes);
  const types = new BtfKernelTypes(btf);
  let read = 0;
  for (let id = 0; id <= btf.endId; id++) {
    const type = types.types.type(id);
    read += printCType(type).length + resolve(type).kind.length;
    if (type.kind === 'struct' || type.kind === 'union') read += findField(type, 'there is none')?.bitOffset ?? 0;
    if (type.kind === 'enum') read += type.values().length;
  }
  for (const sort of SORTS) for (const name of types.namesWith(sort, '', 50)) read += types[sort](name) === undefined ? 0 : 1;
  return read;
}

it('damaged bytes give what can be read, or a message: no crash, no endless work', () => {
  const ends = { read: 0, told: 0 };
  for (let seed = 0; seed < 10_000; seed++) {
    try {
      expect(readAll(damage(seed))).toBeGreaterThanOrEqual(0);
      ends.read++;
    } catch (error) {
      if (!(error instanceof UserError)) throw new Error(`seed ${seed}`, { cause: error });
      ends.told++;
    }
  }
  // Both happen often, so both were tried.
  expect(Math.min(ends.read, ends.told)).toBeGreaterThan(1000);
});
