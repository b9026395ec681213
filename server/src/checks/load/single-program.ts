import { narrowExt } from '../../kernel/elf/ext.ts';
import { emptied, EXECUTABLE, SECTION_TYPE, textAt, viewOf, withBytes, withoutContents, type ElfObject, type ObjectSection } from '../../kernel/elf/object.ts';
import { changeRelocations, changeSymbols, FUNCTION, readRelocations, readSymbols, symbolTable, type ObjectSymbol, type SymbolChange } from '../../kernel/elf/object-symbols.ts';

/** A program of an object: a function in a section of its own kind. */
export interface ObjectProgram {
  /** The function's name. */
  readonly name: string;
  /** Name of the section: `xdp`, `tp/sched/sched_switch`. */
  readonly section: string;
  readonly sectionNumber: number;
  /** Bytes from the section's beginning. */
  readonly start: number;
  readonly end: number;
}

/** Functions that programs call stand here; it is no program. */
const SUBPROGRAMS = '.text';

/** The programs as libbpf finds them, without those that the author does not want loaded (`?` before the section's name). */
export function objectPrograms(object: ElfObject): readonly ObjectProgram[] {
  const { sections } = object;
  return readSymbols(object).flatMap(({ name, type, section: sectionNumber, value, size }) => {
    const section = sections[sectionNumber];
    if (type !== FUNCTION || size === 0 || !section || !holdsPrograms(section) || section.name.startsWith('?')) return [];
    return [{ name, section: section.name, sectionNumber, start: value, end: value + size }];
  });
}

function holdsPrograms({ name, type, flags }: ObjectSection): boolean {
  return type === SECTION_TYPE.program && (flags & EXECUTABLE) !== 0 && name !== SUBPROGRAMS;
}

/**
 * The object with one of its programs only, and without what a loader does not read: each program can then be loaded by
 * itself, so that the rejection of one does not hide those of others. Maps and all data stay. What the kernel has to
 * provide (kfuncs, settings of its configuration) may be missing when only other programs need it.
 */
export function singleProgram(object: ElfObject, program: ObjectProgram): ElfObject {
  const { sections } = object;
  const symbols = readSymbols(object);
  const isGone = (number: number): boolean => {
    const section = sections[number];
    return section === undefined || (holdsPrograms(section) ? number !== program.sectionNumber : isForDebuggers(section) || isForOthers(section, program));
  };
  const kept = sections.map((section, number) => {
    if (number === program.sectionNumber) return withBytes(section, section.bytes.subarray(program.start, program.end));
    if (isForOthers(section, program)) return withoutContents(section);
    if (isGone(number) || (section.type === SECTION_TYPE.relocations && isGone(section.info))) return emptied(section);
    if (section.type === SECTION_TYPE.relocations) return narrowRelocations(section, object, symbols, program);
    if (section.name === '.BTF.ext') return withBytes(section, narrowedExt(section.bytes, object, program));
    return section;
  });
  return { ...object, sections: withSymbols(kept, object, symbols, program) };
}

/** The object without what only debuggers read: the larger part of a file. */
export function withoutDebug(object: ElfObject): ElfObject {
  return { ...object, sections: object.sections.map((section) => (isForDebuggers(section) ? emptied(section) : section)) };
}

/** `.debug_info`, `.rel.BTF`, `.llvm_addrsig`. */
function isForDebuggers({ name }: ObjectSection): boolean {
  return /^(?:\.rel)?\.(?:debug_|llvm_|eh_frame)|^\.rel\.BTF/.test(name);
}

/**
 * A struct of operations, where the program is none of its members. Without any of them libbpf (1.1) reaches for types that
 * it has not read, and crashes.
 */
function isForOthers({ name }: ObjectSection, program: ObjectProgram): boolean {
  return /^\.struct_ops(?:\.link)?$/.test(name) && !program.section.startsWith('struct_ops');
}

/** Of the program's own section what lies in it; elsewhere (maps of programs) nothing that points to another program. */
function narrowRelocations(section: ObjectSection, object: ElfObject, symbols: readonly ObjectSymbol[], program: ObjectProgram): ObjectSection {
  const { littleEndian, sections } = object;
  if (section.info === program.sectionNumber) {
    return withBytes(section, changeRelocations(section.bytes, littleEndian, ({ offset }) => offset >= program.start && offset < program.end, program.start));
  }
  if (sections[section.info]?.name === SUBPROGRAMS) return section;
  return withBytes(section, changeRelocations(section.bytes, littleEndian, ({ symbol }) => !isOtherProgram(symbols[symbol], sections, program)));
}

function isOtherProgram(symbol: ObjectSymbol | undefined, sections: readonly ObjectSection[], { sectionNumber, start }: ObjectProgram): boolean {
  const section = symbol && sections[symbol.section];
  return symbol !== undefined && symbol.type === FUNCTION && section !== undefined && holdsPrograms(section) && (symbol.section !== sectionNumber || symbol.value !== start);
}

function narrowedExt(ext: Uint8Array, { sections, littleEndian }: ElfObject, { section, start, end }: ObjectProgram): Uint8Array {
  const btf = sections.find(({ name }) => name === '.BTF')?.bytes;
  if (!btf || btf.length < 24) return ext;
  const view = viewOf(btf);
  // `hdr_len` and `str_off` of `struct btf_header`.
  const strings = btf.subarray(view.getUint32(4, littleEndian) + view.getUint32(16, littleEndian));
  return narrowExt(ext, littleEndian, (nameAt) => textAt(strings, nameAt) === section, start, end);
}

function withSymbols(kept: readonly ObjectSection[], object: ElfObject, symbols: readonly ObjectSymbol[], program: ObjectProgram): readonly ObjectSection[] {
  const table = symbolTable(object);
  const needed = externsNeeded(kept, object.littleEndian, program);
  const changes = new Map<number, SymbolChange>();
  symbols.forEach((symbol, i) => {
    if (isOtherProgram(symbol, object.sections, program)) changes.set(i, 'forgotten');
    else if (symbol.section === program.sectionNumber && symbol.value >= program.start && symbol.value <= program.end) changes.set(i, { value: symbol.value - program.start });
    else if (symbol.section === 0 && symbol.name !== '' && !needed.has(i)) changes.set(i, 'weak');
  });
  return kept.map((section, i) => (i === table ? withBytes(section, changeSymbols(section.bytes, changes, object.littleEndian)) : section));
}

/** Symbols that the program, or a function it may call, refers to. */
function externsNeeded(kept: readonly ObjectSection[], littleEndian: boolean, { sectionNumber }: ObjectProgram): ReadonlySet<number> {
  const from = kept.filter(({ type, info }) => type === SECTION_TYPE.relocations && (info === sectionNumber || kept[info]?.name === SUBPROGRAMS));
  return new Set(from.flatMap(({ bytes }) => readRelocations(bytes, littleEndian).map(({ symbol }) => symbol)));
}
