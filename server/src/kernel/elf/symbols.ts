import { inPieces, type Steps } from '../turns.ts';
import type { ElfClass } from './sections.ts';

const STT_FUNC = 2;
/** A function that chooses another one when it is first called: `memcpy`. */
const STT_GNU_IFUNC = 10;
/** Symbols looked at in one step: two milliseconds. */
const SYMBOLS_A_STEP = 8000;

/**
 * Adds the names of the functions a symbol table defines, as bpftrace lists them for `uprobe`: those that are only imported
 * have no address and are left out.
 */
export function addFunctionNames(to: Set<string>, table: Uint8Array, names: Uint8Array, elf: ElfClass): Steps<undefined> {
  const view = new DataView(table.buffer, table.byteOffset, table.length);
  const text = Buffer.from(names.buffer, names.byteOffset, names.length);
  const entry = elf.wide ? 24 : 16;
  return inPieces(Math.floor(table.length / entry), SYMBOLS_A_STEP, (first, end) => {
    for (let at = first * entry; at < end * entry; at += entry) {
      if (!isDefinedFunction(view, at, elf)) continue;
      const start = view.getUint32(at, elf.littleEndian);
      const nameEnd = text.indexOf(0, start);
      if (nameEnd > start) to.add(text.toString('latin1', start, nameEnd));
    }
  });
}

function isDefinedFunction(view: DataView, at: number, { wide, littleEndian }: ElfClass): boolean {
  const type = view.getUint8(at + (wide ? 4 : 12)) & 15;
  if (type !== STT_FUNC && type !== STT_GNU_IFUNC) return false;
  const low = view.getUint32(at + (wide ? 8 : 4), littleEndian);
  return low !== 0 || (wide && view.getUint32(at + 12, littleEndian) !== 0);
}
