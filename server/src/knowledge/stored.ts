import * as z from 'zod';
import type { Distinct } from './index/distinct.ts';
import type { PackedItems } from './index/item-table.ts';
import type { PackedRecords } from './index/records.ts';
import type { LatentModel } from './latent.ts';
import type { LexicalIndex } from './lexical.ts';
import { pack, unpack } from './packed.ts';
import type { Vectors } from './vector-index.ts';

/** The parts of an index as the bytes of its files, and back. Reading throws when the bytes are something else. */

const i8 = z.instanceof(Int8Array);
const u8 = z.instanceof(Uint8Array);
const u32 = z.instanceof(Uint32Array);
const f32 = z.instanceof(Float32Array);

export function packVectors({ data, scales }: Vectors, { members, offsets }: Distinct): Uint8Array {
  return pack({ data, scales, members, offsets });
}

export function unpackVectors(bytes: Uint8Array, dimensions: number): { readonly vectors: Vectors; readonly distinct: Distinct } {
  const { data, scales, members, offsets } = z.object({ data: i8, scales: f32, members: u32, offsets: u32 }).parse(unpack(bytes));
  if (data.length !== scales.length * dimensions) throw new Error(`${scales.length} vectors of ${dimensions} dimensions do not have ${data.length} numbers`);
  if (members.length !== scales.length || offsets.at(-1) !== members.length) throw new Error(`The groups of ${scales.length} vectors do not fit them`);
  return { vectors: { data, scales, dimensions, count: scales.length }, distinct: { members, offsets } };
}

export function packModel({ documents, frequency, terms, vectors }: LatentModel): Uint8Array {
  return pack({ documents: String(documents), features: [...frequency.keys()].join('\n'), counts: Uint32Array.from(frequency.values()), terms: terms.join('\n'), data: vectors.data, scales: vectors.scales });
}

export function unpackModel(bytes: Uint8Array, dimensions: number): LatentModel {
  const { documents, features, counts, terms, data, scales } = z.object({ documents: z.string(), features: z.string(), counts: u32, terms: z.string(), data: i8, scales: f32 }).parse(unpack(bytes));
  const frequency = new Map(lines(features).map((feature, i) => [feature, counts[i] ?? 0]));
  return { documents: Number(documents), frequency, terms: lines(terms), vectors: { data, scales, dimensions, count: scales.length } };
}

export function packLexical({ count, terms, offsets, documents, weights }: LexicalIndex): Uint8Array {
  return pack({ count: String(count), terms: terms.join('\n'), offsets, documents, weights });
}

export function unpackLexical(bytes: Uint8Array): LexicalIndex {
  const { count, terms, offsets, documents, weights } = z.object({ count: z.string(), terms: z.string(), offsets: u32, documents: u32, weights: u8 }).parse(unpack(bytes));
  return { count: Number(count), terms: lines(terms), offsets, documents, weights };
}

export function packItems(items: PackedItems): Uint8Array {
  return pack({ ...items });
}

export function unpackItems(bytes: Uint8Array): PackedItems {
  return z.object({ kinds: u8, names: z.string(), text: u8, offsets: u32, byName: u32, hashes: u32, words: u32, wordOffsets: u32 }).parse(unpack(bytes));
}

export function packRecordFile({ specs, text, offsets, ids }: PackedRecords): Uint8Array {
  return pack({ specs: String(specs), text, offsets, ids });
}

export function unpackRecordFile(bytes: Uint8Array): PackedRecords {
  const { specs, ...rest } = z.object({ specs: z.string(), text: u8, offsets: u32, ids: z.string() }).parse(unpack(bytes));
  return { specs: Number(specs), ...rest };
}

function lines(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}
