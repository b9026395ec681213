import { copyOf, readElf, SECTION_TYPE, textAt, viewOf, type ElfObject } from './object.ts';
import { damagedElf } from './sections.ts';

/** Bytes of a symbol and of a relocation (`Elf64_Sym`, `Elf64_Rel` of elf.h). */
export const SYMBOL_BYTES = 24;
export const RELOCATION_BYTES = 16;

export const FUNCTION = 2;
const WEAK = 2;

/** A symbol; its number is its place in the list. */
export interface ObjectSymbol {
  readonly name: string;
  /** `STT_…` of elf.h: 0 none, 1 object, 2 function, 3 section. */
  readonly type: number;
  /** Number of the section it stands in; 0 for what the loader has to find in the kernel. */
  readonly section: number;
  /** Bytes from the section's beginning. */
  readonly value: number;
  readonly size: number;
}

/** The number of the table of symbols among the sections; -1 when there is none. */
export function symbolTable({ sections }: ElfObject): number {
  return sections.findIndex(({ type }) => type === SECTION_TYPE.symbols);
}

export function readSymbols(object: ElfObject): readonly ObjectSymbol[] {
  const { sections, littleEndian } = object;
  const table = sections[symbolTable(object)];
  if (!table) return [];
  const names = sections[table.link]?.bytes ?? new Uint8Array();
  const view = viewOf(table.bytes);
  return Array.from({ length: Math.floor(table.bytes.length / SYMBOL_BYTES) }, (_, i) => {
    const at = i * SYMBOL_BYTES;
    return {
      name: textAt(names, view.getUint32(at, littleEndian)),
      type: view.getUint8(at + 4) & 15,
      section: view.getUint16(at + 6, littleEndian),
      value: Number(view.getBigUint64(at + 8, littleEndian)),
      size: Number(view.getBigUint64(at + 16, littleEndian)),
    };
  });
}

/** What becomes of a symbol: it moves, or its section forgets it, or the loader may do without it. */
export type SymbolChange = { readonly value: number } | 'forgotten' | 'weak';

/** The table with some symbols changed. */
export function changeSymbols(table: Uint8Array, changes: ReadonlyMap<number, SymbolChange>, littleEndian: boolean): Uint8Array {
  const changed = copyOf(table);
  const view = viewOf(changed);
  for (const [index, change] of changes) {
    const at = index * SYMBOL_BYTES;
    if (change === 'forgotten') view.setUint16(at + 6, 0, littleEndian);
    else if (change === 'weak') view.setUint8(at + 4, (WEAK << 4) | (view.getUint8(at + 4) & 15));
    else view.setBigUint64(at + 8, BigInt(change.value), littleEndian);
  }
  return changed;
}

export interface ObjectRelocation {
  /** Bytes from the beginning of the section that is relocated. */
  readonly offset: number;
  /** Number of the symbol. */
  readonly symbol: number;
}

/** The relocations that `keep` keeps, each `back` bytes nearer to the beginning. */
export function changeRelocations(bytes: Uint8Array, littleEndian: boolean, keep: (relocation: ObjectRelocation) => boolean, back = 0): Uint8Array {
  const view = viewOf(bytes);
  const kept: Uint8Array[] = [];
  readRelocations(bytes, littleEndian).forEach((relocation, i) => {
    if (!keep(relocation)) return;
    const entry = copyOf(bytes.subarray(i * RELOCATION_BYTES, (i + 1) * RELOCATION_BYTES));
    viewOf(entry).setBigUint64(0, view.getBigUint64(i * RELOCATION_BYTES, littleEndian) - BigInt(back), littleEndian);
    kept.push(entry);
  });
  return Buffer.concat(kept);
}

export function readRelocations(bytes: Uint8Array, littleEndian: boolean): readonly ObjectRelocation[] {
  const view = viewOf(bytes);
  return Array.from({ length: Math.floor(bytes.length / RELOCATION_BYTES) }, (_, i) => ({
    offset: Number(view.getBigUint64(i * RELOCATION_BYTES, littleEndian)),
    // The symbol is the upper half of `r_info`.
    symbol: Number(view.getBigUint64(i * RELOCATION_BYTES + 8, littleEndian) >> 32n),
  }));
}

/** An object with what its code refers to. */
export interface LinkedObject {
  readonly sections: ElfObject['sections'];
  readonly symbols: readonly ObjectSymbol[];
  /** Symbols by the byte that is relocated, for each section by its number. */
  readonly relocations: ReadonlyMap<number, ReadonlyMap<number, ObjectSymbol>>;
}

/** Reads an object in little-endian order, as clang makes them for BPF on most machines. Throws UserError for anything else. */
export function readLinked(file: Uint8Array): LinkedObject {
  const object = readElf(file);
  if (!object.littleEndian) throw damagedElf('it is no little-endian object');
  const { sections } = object;
  const symbols = readSymbols(object);
  const relocations = new Map(sections.flatMap(({ type, info, bytes }) => (type === SECTION_TYPE.relocations ? [[info, new Map(readRelocations(bytes, true).flatMap(({ offset, symbol }) => {
    const at = symbols[symbol];
    return at ? [[offset, at] as const] : [];
  }))] as const] : [])));
  return { sections, symbols, relocations };
}
