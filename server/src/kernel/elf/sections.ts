import { UserError } from '../../base/error.ts';

/** Kinds of sections that are read (`sh_type` of the ELF specification). */
export const SECTION = { symbols: 2, note: 7, dynamicSymbols: 11 } as const;

/** What a section header tells. */
export interface Section {
  /** Where its name begins among the names of sections. */
  readonly name: number;
  readonly type: number;
  /** Bytes from the file's beginning. */
  readonly offset: number;
  readonly size: number;
  /** The section that belongs to it: a symbol table's names. */
  readonly link: number;
}

/** How the numbers of a file are to be read. */
export interface ElfClass {
  readonly wide: boolean;
  readonly littleEndian: boolean;
}

/** Bytes of a file header; that of 32 bits is shorter. */
export const HEADER_BYTES = 64;

/** Throws UserError when the bytes do not begin an ELF file. */
export function readClass(header: Uint8Array): ElfClass {
  if (header.length < 20 || header[0] !== 0x7f || header[1] !== 0x45 || header[2] !== 0x4c || header[3] !== 0x46) throw damagedElf('it is no ELF file');
  return { wide: header[4] === 2, littleEndian: header[5] !== 2 };
}

/** The section headers, as they stand one after the other. */
export function readSections(bytes: Uint8Array, { wide, littleEndian }: ElfClass): readonly Section[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entry = wide ? 64 : 40;
  const sections: Section[] = [];
  for (let at = 0; at + entry <= bytes.length; at += entry) {
    const u32 = (offset: number): number => view.getUint32(at + offset, littleEndian);
    const word = (offset: number): number => Number(view.getBigUint64(at + offset, littleEndian));
    sections.push(wide ? { name: u32(0), type: u32(4), offset: word(24), size: word(32), link: u32(40) } : { name: u32(0), type: u32(4), offset: u32(16), size: u32(20), link: u32(24) });
  }
  return sections;
}

export function damagedElf(how: string): UserError {
  return new UserError('damaged-elf', `The binary cannot be read: ${how}.`);
}
