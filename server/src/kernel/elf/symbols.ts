import type { ElfClass } from './sections.ts';

const STT_FUNC = 2;
/** A function that chooses another one when it is first called: `memcpy`. */
const STT_GNU_IFUNC = 10;

/**
 * Names of the functions a symbol table defines, as bpftrace lists them for `uprobe`: those that are only imported have
 * no address and are left out.
 */
export function functionNames(table: Uint8Array, names: Uint8Array, { wide, littleEndian }: ElfClass): string[] {
  const view = new DataView(table.buffer, table.byteOffset, table.length);
  const text = Buffer.from(names.buffer, names.byteOffset, names.length);
  const entry = wide ? 24 : 16;
  const found: string[] = [];
  for (let at = 0; at + entry <= table.length; at += entry) {
    const type = (table[at + (wide ? 4 : 12)] ?? 0) & 15;
    if (type !== STT_FUNC && type !== STT_GNU_IFUNC) continue;
    const value = wide ? view.getBigUint64(at + 8, littleEndian) : BigInt(view.getUint32(at + 4, littleEndian));
    if (value === 0n) continue;
    const start = view.getUint32(at, littleEndian);
    const end = text.indexOf(0, start);
    const name = end < 0 ? '' : text.toString('latin1', start, end);
    if (name !== '') found.push(name);
  }
  return found;
}
