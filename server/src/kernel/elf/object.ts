import { damagedElf, readClass } from './sections.ts';

/** `sh_type` and `sh_flags` of the ELF specification, as far as objects of BPF use them. */
export const SECTION_TYPE = { none: 0, program: 1, symbols: 2, strings: 3, noBits: 8, relocations: 9 } as const;
export const EXECUTABLE = 4;

/** A section with its contents; its number is its place in the list. */
export interface ObjectSection {
  readonly name: string;
  /** Where the name begins among the names of sections. */
  readonly nameAt: number;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly link: number;
  readonly info: number;
  readonly align: number;
  readonly entryBytes: number;
  /** Bytes in memory: those of `bytes`, except where a section has none in the file (`.bss`). */
  readonly size: number;
  readonly bytes: Uint8Array;
}

/** An object of BPF taken apart. */
export interface ElfObject {
  readonly littleEndian: boolean;
  /** The file header; what tells where sections are is written anew. */
  readonly header: Uint8Array;
  readonly sections: readonly ObjectSection[];
}

/** Places in the file header and the size of a section header (`Elf64_Ehdr`, `Elf64_Shdr` of elf.h). */
const HEADER_BYTES = 64;
const HEADERS_AT = 0x28;
const COUNT_AT = 0x3c;
const NAMES_AT = 0x3e;
const ENTRY_BYTES = 64;

/** Throws UserError when the bytes are no object of 64 bits, or cut off. */
export function readElf(file: Uint8Array): ElfObject {
  const { wide, littleEndian } = readClass(file);
  if (!wide || file.length < HEADER_BYTES) throw damagedElf('it is no object of BPF');
  const view = viewOf(file);
  const from = Number(view.getBigUint64(HEADERS_AT, littleEndian));
  const count = view.getUint16(COUNT_AT, littleEndian);
  if (from + count * ENTRY_BYTES > file.length) throw damagedElf('its section headers are cut off');
  const sections = Array.from({ length: count }, (_, i) => readSection(file, view, from + i * ENTRY_BYTES, littleEndian));
  const names = sections[view.getUint16(NAMES_AT, littleEndian)]?.bytes ?? new Uint8Array();
  return { littleEndian, header: file.subarray(0, HEADER_BYTES), sections: sections.map((section) => ({ ...section, name: textAt(names, section.nameAt) })) };
}

function readSection(file: Uint8Array, view: DataView, at: number, littleEndian: boolean): ObjectSection {
  const u32 = (offset: number): number => view.getUint32(at + offset, littleEndian);
  const word = (offset: number): number => Number(view.getBigUint64(at + offset, littleEndian));
  const [type, offset, size] = [u32(4), word(24), word(32)];
  const held = type === SECTION_TYPE.none || type === SECTION_TYPE.noBits ? 0 : size;
  if (offset + held > file.length) throw damagedElf('a section is cut off');
  return { name: '', nameAt: u32(0), type, flags: word(8), address: word(16), link: u32(40), info: u32(44), align: word(48), entryBytes: word(56), size, bytes: file.subarray(offset, offset + held) };
}

/** The file again: sections keep their numbers, and stand one after the other. */
export function writeElf({ littleEndian, header, sections }: ElfObject): Uint8Array {
  const offsets: number[] = [];
  let end = HEADER_BYTES;
  for (const { bytes, align } of sections) {
    end = aligned(end, align);
    offsets.push(end);
    end += bytes.length;
  }
  const headersAt = aligned(end, 8);
  const file = new Uint8Array(headersAt + sections.length * ENTRY_BYTES);
  const view = viewOf(file);
  file.set(header);
  view.setBigUint64(HEADERS_AT, BigInt(headersAt), littleEndian);
  sections.forEach((section, i) => {
    const offset = offsets[i] ?? 0;
    file.set(section.bytes, offset);
    writeHeader(view, headersAt + i * ENTRY_BYTES, section, offset, littleEndian);
  });
  return file;
}

function writeHeader(view: DataView, at: number, section: ObjectSection, offset: number, littleEndian: boolean): void {
  const u32 = (to: number, value: number): void => view.setUint32(at + to, value, littleEndian);
  const word = (to: number, value: number): void => view.setBigUint64(at + to, BigInt(value), littleEndian);
  u32(0, section.nameAt);
  u32(4, section.type);
  word(8, section.flags);
  word(16, section.address);
  word(24, offset);
  word(32, section.size);
  u32(40, section.link);
  u32(44, section.info);
  word(48, section.align);
  word(56, section.entryBytes);
}

/** The same section with other contents. */
export function withBytes(section: ObjectSection, bytes: Uint8Array): ObjectSection {
  return { ...section, bytes, size: bytes.length };
}

/** A section that nobody reads any more; its number stays taken. libbpf tells of empty ones unless they hold strings. */
export function emptied(section: ObjectSection): ObjectSection {
  return { ...section, name: '', nameAt: 0, type: SECTION_TYPE.strings, flags: 0, link: 0, info: 0, entryBytes: 0, size: 0, bytes: new Uint8Array() };
}

/** A section of which only the size can be told, which libbpf compares with its types. */
export function withoutContents(section: ObjectSection): ObjectSection {
  return { ...section, type: SECTION_TYPE.noBits, bytes: new Uint8Array() };
}

/** A copy to change: `slice` of a Buffer is none. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

export function textAt(strings: Uint8Array, start: number): string {
  const end = strings.indexOf(0, start);
  return end < 0 ? '' : Buffer.from(strings.buffer, strings.byteOffset, strings.length).toString('utf8', start, end);
}

function aligned(offset: number, align: number): number {
  return align > 1 ? Math.ceil(offset / align) * align : offset;
}
