import type { Term } from '../terms/term.ts';
import { widthOf } from '../terms/term.ts';
import type { Terms } from '../terms/terms.ts';
import { merged, number, type Region, type Value } from './value.ts';

/** One byte of memory: which one of a value that was stored. */
interface Byte {
  readonly of: Value;
  readonly index: number;
}

type Bytes = ReadonlyMap<number, Byte>;

/** What was written to memory with fixed places. Immutable. */
export type Memory = ReadonlyMap<Region, Bytes>;

export const NO_MEMORY: Memory = new Map();

/** With a value at a place; as many bytes as it has. */
export function stored(memory: Memory, region: Region, offset: number, value: Value): Memory {
  const bytes = new Map(memory.get(region));
  for (let index = 0; index < widthOf(value.term) / 8; index++) bytes.set(offset + index, { of: value, index });
  return new Map([...memory, [region, bytes]]);
}

/** What is at a place; `otherwise` gives the bytes that were never written. */
export function loaded(terms: Terms, memory: Memory, region: Region, offset: number, count: number, otherwise: (offset: number, count: number) => Term): Value {
  const bytes = memory.get(region);
  const first = bytes?.get(offset);
  const at = (index: number): Byte | undefined => bytes?.get(offset + index);
  const all = Array.from({ length: count }, (_, index) => index);
  if (first?.index === 0 && widthOf(first.of.term) === count * 8 && all.every((index) => at(index)?.of === first.of && at(index)?.index === index)) return first.of;
  const parts: Term[] = [];
  for (let index = 0; index < count; ) {
    const byte = at(index);
    if (byte) {
      parts.unshift(terms.extract(byte.of.term, byte.index * 8, 8));
      index++;
      continue;
    }
    let end = index + 1;
    while (end < count && !at(end)) end++;
    parts.unshift(otherwise(offset + index, end - index));
    index = end;
  }
  return number(terms.concat(parts));
}

/** Whether something was written there. */
export function isWritten(memory: Memory, region: Region, offset: number, count: number): boolean {
  const bytes = memory.get(region);
  return bytes !== undefined && Array.from({ length: count }, (_, index) => bytes.has(offset + index)).some(Boolean);
}

/** Memory after one of several ways. `otherwise` gives what is there where a way did not write. */
export function mergedMemory(terms: Terms, ways: readonly { readonly when: Term; readonly memory: Memory }[], otherwise: (region: Region, offset: number) => Term | undefined): Memory {
  const [first] = ways;
  if (!first || ways.every(({ memory }) => memory === first.memory)) return first?.memory ?? NO_MEMORY;
  const regions = new Set(ways.flatMap(({ memory }) => [...memory.keys()]));
  return new Map([...regions].map((region) => [region, mergedRegion(terms, ways.map(({ when, memory }) => ({ when, bytes: memory.get(region) ?? new Map<number, Byte>() })), (offset) => otherwise(region, offset))]));
}

function mergedRegion(terms: Terms, ways: readonly { readonly when: Term; readonly bytes: Bytes }[], otherwise: (offset: number) => Term | undefined): Bytes {
  const [first] = ways;
  if (!first || ways.every(({ bytes }) => bytes === first.bytes)) return first?.bytes ?? new Map();
  const result = new Map<number, Byte>();
  const offsets = [...new Set(ways.flatMap(({ bytes }) => [...bytes.keys()]))].sort((a, b) => a - b);
  for (const offset of offsets) {
    if (result.has(offset)) continue;
    const bytes = ways.map((way) => byteOf(way.bytes, offset, otherwise));
    const [one] = bytes;
    if (one && bytes.every((byte) => byte?.of === one.of && byte.index === one.index)) {
      result.set(offset, one);
      continue;
    }
    const count = runOf(ways, offset, otherwise);
    const pieces = ways.flatMap(({ when }, i) => { const byte = bytes[i]; return byte ? [{ when, value: piece(terms, byte, count) }] : []; });
    const value = merged(terms, pieces);
    for (let index = 0; index < count; index++) result.set(offset + index, { of: value, index });
  }
  return result;
}

function byteOf(bytes: Bytes, offset: number, otherwise: (offset: number) => Term | undefined): Byte | undefined {
  const known = bytes.get(offset);
  if (known) return known;
  const term = otherwise(offset);
  return term && { of: number(term), index: 0 };
}

function piece(terms: Terms, { of, index }: Byte, count: number): Value {
  return index === 0 && widthOf(of.term) === count * 8 ? of : number(terms.extract(of.term, index * 8, count * 8));
}

/** How many bytes from there on come from one value in each of the ways. */
function runOf(ways: readonly { readonly bytes: Bytes }[], offset: number, otherwise: (offset: number) => Term | undefined): number {
  const starts = ways.map(({ bytes }) => byteOf(bytes, offset, otherwise));
  for (let count = 1; ; count++) {
    const goesOn = ways.every(({ bytes }, i) => {
      const start = starts[i];
      // What no way has written may be anything.
      if (!start) return bytes.get(offset + count) === undefined && otherwise(offset + count) === undefined;
      const next = bytes.get(offset + count);
      return next !== undefined && next.of === start.of && next.index === start.index + count;
    });
    const all = starts.every((start) => start === undefined);
    if (!goesOn || all || count === 64) return count;
  }
}
