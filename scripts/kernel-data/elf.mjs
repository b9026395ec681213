/**
 * The sections and symbols of a little-endian 64-bit ELF file, as far as a kernel module needs reading.
 * @typedef {{name: string, index: number, offset: number, size: number, link: number, info: number, address: number}} Section
 * @typedef {{name: string, section: number, value: number, size: number, type: number}} Symbol_
 * @typedef {{bytes: Buffer, sections: readonly Section[]}} Elf
 */

/** Offsets and sizes are those of the ELF specification's 64-bit structures. @returns {Elf} */
export function readElf(/** @type {Buffer} */ bytes) {
  const at = Number(bytes.readBigUInt64LE(40));
  const count = bytes.readUInt16LE(60);
  const word = (/** @type {number} */ place) => Number(bytes.readBigUInt64LE(place));
  const headers = Array.from({ length: count }, (_, index) => {
    const header = at + index * 64;
    return { nameAt: bytes.readUInt32LE(header), index, address: word(header + 16), offset: word(header + 24), size: word(header + 32), link: bytes.readUInt32LE(header + 40), info: bytes.readUInt32LE(header + 44) };
  });
  const names = headers[bytes.readUInt16LE(62)]?.offset ?? 0;
  return { bytes, sections: headers.map(({ nameAt, ...section }) => ({ ...section, name: text(bytes, names + nameAt) })) };
}

/** The bytes of a section; undefined when there is none of that name. */
export function sectionBytes(/** @type {Elf} */ { bytes, sections }, /** @type {string} */ name) {
  const section = sections.find((s) => s.name === name);
  return section && bytes.subarray(section.offset, section.offset + section.size);
}

/** In the order of the table, which relocations count by. @returns {Symbol_[]} */
export function readSymbols(/** @type {Elf} */ { bytes, sections }) {
  const table = sections.find((s) => s.name === '.symtab');
  const names = table && sections[table.link];
  if (!table || !names) return [];
  return Array.from({ length: table.size / 24 }, (_, index) => {
    const at = table.offset + index * 24;
    return { name: text(bytes, names.offset + bytes.readUInt32LE(at)), type: bytes[at + 4] ?? 0, section: bytes.readUInt16LE(at + 6), value: Number(bytes.readBigUInt64LE(at + 8)), size: Number(bytes.readBigUInt64LE(at + 16)) };
  });
}

/** Of a section's relocations: where, which symbol, and what is added. @returns {{at: number, symbol: number, addend: number}[]} */
export function readRelocations(/** @type {Elf} */ { bytes, sections }, /** @type {string} */ name) {
  const table = sections.find((s) => s.name === `.rela${name}`);
  if (!table) return [];
  return Array.from({ length: table.size / 24 }, (_, index) => {
    const at = table.offset + index * 24;
    return { at: Number(bytes.readBigUInt64LE(at)), symbol: bytes.readUInt32LE(at + 12), addend: Number(bytes.readBigInt64LE(at + 16)) };
  });
}

function text(/** @type {Buffer} */ bytes, /** @type {number} */ at) {
  return bytes.toString('latin1', at, bytes.indexOf(0, at));
}
