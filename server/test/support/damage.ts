import { randomly } from './mutate.ts';

/** Bytes with bits turned over, words overwritten with small and great ones, pieces put elsewhere, or the end cut off; the same ones for the same seed. */
export function damage(whole: Uint8Array, seed: number): Uint8Array {
  const random = randomly(seed);
  const bytes = new Uint8Array(whole);
  const view = new DataView(bytes.buffer);
  for (let i = random(6); i >= 0 && bytes.length > 4; i--) {
    const at = random(bytes.length - 4);
    const kind = random(5);
    if (kind < 2) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else if (kind < 4) view.setUint32(at & ~3, random(3) === 0 ? 0xffffffff - random(4) : random(40), true);
    else bytes.copyWithin(at, random(bytes.length), random(bytes.length));
  }
  return random(4) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
}

/** Bytes with a few single bits turned over. */
export function turnBits(whole: Uint8Array, seed: number, count: number): Uint8Array {
  const random = randomly(seed);
  const bytes = new Uint8Array(whole);
  for (let i = 0; i < count; i++) {
    const at = random(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
  }
  return bytes;
}
