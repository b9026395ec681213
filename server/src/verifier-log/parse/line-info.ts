import type { LineInfo } from '../explain/source.ts';

interface Named {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

interface FileLine {
  readonly line: number;
  readonly file: string;
}

/** `sh_type` of a symbol table; the type of a function in a symbol's `st_info`. */
const SYMBOLS = 2;
const FUNCTION = 2;
/** Bytes of an instruction. */
const SLOT = 8;

/**
 * Reads which line each instruction of an object comes from: the section .BTF.ext of the kernel's
 * Documentation/bpf/btf.rst, "BTF.ext Section". Undefined when the bytes are no such object or have no line information.
 */
export function readLineInfo(object: Uint8Array): LineInfo | undefined {
  try {
    return lineInfoOf(object);
  } catch (error) {
    // Damaged bytes lead a reading outside of the file.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function lineInfoOf(object: Uint8Array): LineInfo | undefined {
  if (object.length < 64 || object[0] !== 0x7f || object[1] !== 0x45 || object[4] !== 2 || object[5] !== 1) return undefined;
  const view = new DataView(object.buffer, object.byteOffset, object.length);
  const text = (at: number): string => {
    const end = object.indexOf(0, at);
    return new TextDecoder().decode(object.subarray(at, Math.max(at, end)));
  };
  const sections = namedSections(view, text);
  const btf = sections.get('.BTF')?.[0];
  const ext = sections.get('.BTF.ext')?.[0];
  if (!btf || !ext) return undefined;
  const strings = btf.offset + view.getUint32(btf.offset + 4, true) + view.getUint32(btf.offset + 16, true);
  const bySection = readRecords(view, ext.offset, (at) => text(strings + at));
  const programs = readFunctions(view, sections, text);
  return {
    lineOf(program, instruction) {
      const place = program === undefined ? undefined : programs.get(program);
      if (!place || instruction * SLOT >= place.size) return undefined;
      return latestAt(bySection.get(place.section) ?? [], place.offset + instruction * SLOT);
    },
  };
}

function namedSections(view: DataView, text: (at: number) => string): Map<string, Named[]> {
  const table = Number(view.getBigUint64(40, true));
  const entry = view.getUint16(58, true);
  const count = view.getUint16(60, true);
  const header = (index: number): number => table + index * entry;
  const names = Number(view.getBigUint64(header(view.getUint16(62, true)) + 24, true));
  const found = new Map<string, Named[]>();
  for (let i = 0; i < count; i++) {
    const at = header(i);
    const name = view.getUint32(at + 4, true) === SYMBOLS ? '.symtab' : text(names + view.getUint32(at, true));
    const section = { name, offset: Number(view.getBigUint64(at + 24, true)), size: Number(view.getBigUint64(at + 32, true)), link: view.getUint32(at + 40, true) };
    found.set(name, [...(found.get(name) ?? []), section]);
    found.set(`#${i}`, [section]);
  }
  return found;
}

type Record = FileLine & { readonly offset: number };

function readRecords(view: DataView, at: number, string: (offset: number) => string): Map<string, Record[]> {
  const header = view.getUint32(at + 4, true);
  let next = at + header + view.getUint32(at + 16, true);
  const end = next + view.getUint32(at + 20, true);
  const size = view.getUint32(next, true);
  next += 4;
  const found = new Map<string, Record[]>();
  while (next + 8 <= end) {
    const section = string(view.getUint32(next, true));
    const count = view.getUint32(next + 4, true);
    next += 8;
    const records: Record[] = [];
    for (let i = 0; i < count && next + size <= end; i++, next += size) {
      records.push({ offset: view.getUint32(next, true), file: string(view.getUint32(next + 4, true)), line: view.getUint32(next + 12, true) >>> 10 });
    }
    found.set(section, records);
    if (size === 0) break;
  }
  return found;
}

function readFunctions(view: DataView, sections: Map<string, Named[]>, text: (at: number) => string): Map<string, { section: string; offset: number; size: number }> {
  const found = new Map<string, { section: string; offset: number; size: number }>();
  const table = sections.get('.symtab')?.[0];
  if (!table) return found;
  const names = sections.get(`#${table.link}`)?.[0]?.offset ?? 0;
  for (let at = table.offset; at + 24 <= table.offset + table.size; at += 24) {
    if ((view.getUint8(at + 4) & 0xf) !== FUNCTION) continue;
    const section = sections.get(`#${view.getUint16(at + 6, true)}`)?.[0];
    if (section) found.set(text(names + view.getUint32(at, true)), { section: section.name, offset: Number(view.getBigUint64(at + 8, true)), size: Number(view.getBigUint64(at + 16, true)) });
  }
  return found;
}

/** The last record at or before an offset; line 0 says that the compiler made the code, which counts for the line before. */
function latestAt(records: readonly Record[], offset: number): FileLine | undefined {
  let found: Record | undefined;
  for (const record of records) {
    if (record.offset > offset) break;
    if (record.line > 0) found = record;
  }
  return found;
}
