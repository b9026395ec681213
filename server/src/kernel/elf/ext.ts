import { copyOf, viewOf } from './object.ts';

/** Places of functions, lines and relocations in `.BTF.ext`: in its header, and where each part's offset and length stand there. */
const HEADER_BYTES_AT = 4;
const PARTS_AT = [8, 16, 24] as const;
/** Header of a section's records: where its name stands, and how many there are. */
const BLOCK_BYTES = 8;

/** Records of one section. */
export interface ExtBlock {
  /** Where the section's name stands among the BTF's strings. */
  readonly section: number;
  readonly records: readonly Uint8Array[];
}

/** Where the header tells of lines and of relocations (CO-RE). */
export const EXT_PART = { lines: 16, relocations: 24 } as const;

/** The records of one part of `.BTF.ext`, by sections. What is cut off is left out. */
export function extBlocks(ext: Uint8Array, littleEndian: boolean, at: number): readonly ExtBlock[] {
  const part = partAt(ext, littleEndian, at);
  const recordBytes = part && part.length >= 4 ? viewOf(part).getUint32(0, littleEndian) : 0;
  return part && recordBytes >= 8 ? [...blocks(part, recordBytes, littleEndian)] : [];
}

/** Undefined where the header ends before it tells of the part: older ones do. */
function partAt(ext: Uint8Array, littleEndian: boolean, at: number): Uint8Array | undefined {
  if (ext.length < HEADER_BYTES_AT + 4) return undefined;
  const view = viewOf(ext);
  const headerBytes = view.getUint32(HEADER_BYTES_AT, littleEndian);
  if (at + 8 > headerBytes || headerBytes > ext.length) return undefined;
  const start = headerBytes + view.getUint32(at, littleEndian);
  return ext.subarray(start, start + view.getUint32(at + 4, littleEndian));
}

/**
 * `.BTF.ext` (`struct btf_ext_header` of libbpf) with what it says of one part of a section only: records before `from` and
 * from `to` on are left out, the others moved to the section's beginning. Other sections keep theirs. `isSection` says
 * whether the name at a place of the BTF's strings is the section's.
 */
export function narrowExt(ext: Uint8Array, littleEndian: boolean, isSection: (nameAt: number) => boolean, from: number, to: number): Uint8Array {
  if (ext.length < HEADER_BYTES_AT + 4) return ext;
  const header = copyOf(ext.subarray(0, viewOf(ext).getUint32(HEADER_BYTES_AT, littleEndian)));
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const at of PARTS_AT) {
    const part = partAt(ext, littleEndian, at);
    if (!part) continue;
    const piece = narrowPart(part, littleEndian, isSection, from, to);
    viewOf(header).setUint32(at, length, littleEndian);
    viewOf(header).setUint32(at + 4, piece.length, littleEndian);
    pieces.push(piece);
    length += piece.length;
  }
  return Buffer.concat([header, ...pieces]);
}

function narrowPart(part: Uint8Array, littleEndian: boolean, isSection: (nameAt: number) => boolean, from: number, to: number): Uint8Array {
  if (part.length < 4) return part;
  const recordBytes = viewOf(part).getUint32(0, littleEndian);
  if (recordBytes < 8) return part;
  const out: Uint8Array[] = [part.subarray(0, 4)];
  for (const { section, records } of blocks(part, recordBytes, littleEndian)) {
    const kept = isSection(section) ? records.flatMap((record) => moved(record, littleEndian, from, to)) : records;
    // libbpf takes a block without records for damage.
    if (kept.length === 0) continue;
    const head = new Uint8Array(BLOCK_BYTES);
    viewOf(head).setUint32(0, section, littleEndian);
    viewOf(head).setUint32(4, kept.length, littleEndian);
    out.push(head, ...kept);
  }
  return out.length === 1 ? new Uint8Array() : Buffer.concat(out);
}

function* blocks(part: Uint8Array, recordBytes: number, littleEndian: boolean): Iterable<ExtBlock> {
  const view = viewOf(part);
  for (let at = 4; at + BLOCK_BYTES <= part.length; ) {
    const count = view.getUint32(at + 4, littleEndian);
    const first = at + BLOCK_BYTES;
    const records: Uint8Array[] = [];
    for (let i = 0; i < count && first + (i + 1) * recordBytes <= part.length; i++) records.push(part.subarray(first + i * recordBytes, first + (i + 1) * recordBytes));
    yield { section: view.getUint32(at, littleEndian), records };
    at = first + count * recordBytes;
  }
}

/** Every kind of record begins with the instruction's place in bytes. */
function moved(record: Uint8Array, littleEndian: boolean, from: number, to: number): Uint8Array[] {
  const place = viewOf(record).getUint32(0, littleEndian);
  if (place < from || place >= to) return [];
  const copy = copyOf(record);
  viewOf(copy).setUint32(0, place - from, littleEndian);
  return [copy];
}
