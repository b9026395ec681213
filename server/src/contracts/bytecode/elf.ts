import { damagedElf, readClass } from '../../kernel/elf/sections.ts';

/** A section of a relocatable object. */
export interface ElfSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  /** Number of the section it belongs to, when it holds relocations. */
  readonly info: number;
  readonly link: number;
  /** Empty for `.bss`. */
  readonly bytes: Uint8Array;
}

export interface ElfSymbol {
  readonly name: string;
  /** `STT_…` of elf.h: 0 none, 1 object, 2 function, 3 section. */
  readonly type: number;
  readonly section: number;
  readonly value: number;
  readonly size: number;
}

export interface Elf {
  readonly sections: readonly ElfSection[];
  readonly symbols: readonly ElfSymbol[];
  /** Symbols by the byte that is relocated, for each section. */
  readonly relocations: ReadonlyMap<number, ReadonlyMap<number, ElfSymbol>>;
}

const HEADER_BYTES = 64;
const SECTION_BYTES = 64;
const SYMBOL_BYTES = 24;
const RELOCATION_BYTES = 16;
/** `sh_type`: symbols, what is not in the file, relocations. */
const TYPE = { symbols: 2, noBits: 8, relocations: 9 } as const;
export const EXECUTABLE = 4;

/** Reads an object of 64 bits in little-endian order, as clang makes them for BPF. Throws UserError for anything else. */
export function readElf(file: Uint8Array): Elf {
  const { wide, littleEndian } = readClass(file);
  if (!wide || !littleEndian || file.length < HEADER_BYTES) throw damagedElf('it is no little-endian object of 64 bits');
  const sections = readSections(file);
  const symbols = readSymbols(sections);
  const relocations = new Map<number, ReadonlyMap<number, ElfSymbol>>();
  for (const { type, info, bytes } of sections) if (type === TYPE.relocations) relocations.set(info, relocationsOf(bytes, symbols));
  return { sections, symbols, relocations };
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function readSections(file: Uint8Array): readonly ElfSection[] {
  const view = viewOf(file);
  const from = Number(view.getBigUint64(0x28, true));
  const count = view.getUint16(0x3c, true);
  if (from + count * SECTION_BYTES > file.length) throw damagedElf('its section headers are cut off');
  const read = Array.from({ length: count }, (_, i) => {
    const at = from + i * SECTION_BYTES;
    const type = view.getUint32(at + 4, true);
    const offset = Number(view.getBigUint64(at + 24, true));
    const size = type === TYPE.noBits ? 0 : Number(view.getBigUint64(at + 32, true));
    if (offset + size > file.length) throw damagedElf('a section is cut off');
    return { nameAt: view.getUint32(at, true), type, flags: Number(view.getBigUint64(at + 8, true)), link: view.getUint32(at + 40, true), info: view.getUint32(at + 44, true), bytes: file.subarray(offset, offset + size) };
  });
  const names = read[view.getUint16(0x3e, true)]?.bytes ?? new Uint8Array();
  return read.map(({ nameAt, ...section }) => ({ ...section, name: textAt(names, nameAt) }));
}

function readSymbols(sections: readonly ElfSection[]): readonly ElfSymbol[] {
  const table = sections.find(({ type }) => type === TYPE.symbols);
  if (!table) return [];
  const names = sections[table.link]?.bytes ?? new Uint8Array();
  const view = viewOf(table.bytes);
  return Array.from({ length: Math.floor(table.bytes.length / SYMBOL_BYTES) }, (_, i) => {
    const at = i * SYMBOL_BYTES;
    return { name: textAt(names, view.getUint32(at, true)), type: view.getUint8(at + 4) & 15, section: view.getUint16(at + 6, true), value: Number(view.getBigUint64(at + 8, true)), size: Number(view.getBigUint64(at + 16, true)) };
  });
}

function relocationsOf(bytes: Uint8Array, symbols: readonly ElfSymbol[]): ReadonlyMap<number, ElfSymbol> {
  const view = viewOf(bytes);
  const found = new Map<number, ElfSymbol>();
  for (let at = 0; at + RELOCATION_BYTES <= bytes.length; at += RELOCATION_BYTES) {
    const symbol = symbols[view.getUint32(at + 12, true)];
    if (symbol) found.set(Number(view.getBigUint64(at, true)), symbol);
  }
  return found;
}

function textAt(strings: Uint8Array, start: number): string {
  const end = strings.indexOf(0, start);
  return end < 0 ? '' : Buffer.from(strings.buffer, strings.byteOffset, strings.length).toString('latin1', start, end);
}
