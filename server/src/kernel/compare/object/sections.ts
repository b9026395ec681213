import { damagedElf, readClass, readSections } from '../../elf/sections.ts';

/** A section of an object with its name: `.BTF`, `tracepoint/sched/sched_switch`. */
export interface NamedSection {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Where the file header tells of the section headers (`Elf64_Ehdr` of elf.h). */
const HEADERS_AT = 0x28;
const COUNT_AT = 0x3c;
const NAMES_AT = 0x3e;
const FILE_HEADER_BYTES = 64;
const SECTION_HEADER_BYTES = 64;

export interface BpfObject {
  readonly sections: readonly NamedSection[];
  readonly littleEndian: boolean;
}

/** Throws UserError when the bytes are no object of 64 bits, which BPF's are. */
export function readObject(file: Uint8Array): BpfObject {
  const elf = readClass(file);
  if (!elf.wide || file.length < FILE_HEADER_BYTES) throw damagedElf('it is no object of BPF');
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const from = Number(view.getBigUint64(HEADERS_AT, elf.littleEndian));
  const headers = readSections(file.subarray(from, from + SECTION_HEADER_BYTES * view.getUint16(COUNT_AT, elf.littleEndian)), elf);
  const contents = headers.map(({ offset, size }) => file.subarray(offset, offset + size));
  const names = contents[view.getUint16(NAMES_AT, elf.littleEndian)] ?? new Uint8Array();
  return { sections: headers.map(({ name }, index) => ({ name: textAt(names, name), bytes: contents[index] ?? new Uint8Array() })), littleEndian: elf.littleEndian };
}

function textAt(strings: Uint8Array, start: number): string {
  const end = strings.indexOf(0, start);
  return end < 0 ? '' : Buffer.from(strings.buffer, strings.byteOffset, strings.length).toString('latin1', start, end);
}
