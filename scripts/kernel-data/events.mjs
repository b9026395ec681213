import { readFileSync } from 'node:fs';
import { readElf, readRelocations, readSymbols } from './elf.mjs';

/**
 * The tracepoints of a module's file, as lines of the formats the kernel would show once it was loaded. Offsets within
 * the structures are those of x86-64 since Linux 6.1 (include/linux/trace_events.h): `struct trace_event_call` has its
 * class at 16 and the print format at 64 (80 in 6.1, where 64 is a number); the class begins with its category, and has the fields at 32; a field has type,
 * name, size, alignment, whether it is signed, and the length of an array, at 0, 8, 16, 20, 24 and 32 of 40 bytes.
 * The fields of the 7,440 tracepoints of loaded modules of 6.1 and 6.12 are the same by this as those the kernels showed.
 * @param {string} file
 */
export function formatsOf(file) {
  const elf = readElf(readFileSync(file));
  const symbols = readSymbols(elf);
  const at = pointers(elf, symbols);
  const calls = symbols.filter(({ name, type, section }) => name.startsWith('event_') && (type & 15) === 1 && at(section, 0) !== null);
  return calls.flatMap(({ name, section, value }) => {
    const ofClass = at(section, value + 16);
    const category = ofClass && at(ofClass.section, ofClass.offset);
    const fields = ofClass && at(ofClass.section, ofClass.offset + 32);
    const print = at(section, value + 64) ?? at(section, value + 80);
    if (!ofClass || !category || !fields || !print) return [];
    const lead = `${textAt(elf, category)}/${name.slice('event_'.length)}/format:`;
    return [...fieldLines(elf, at, fields).map((line) => `${lead}${line}`), `${lead}print fmt: ${textAt(elf, print)}`];
  });
}

/** @typedef {{section: number, offset: number}} Place */

/** @returns {string[]} */
function fieldLines(/** @type {import('./elf.mjs').Elf} */ elf, /** @type {(section: number, offset: number) => Place | undefined | null} */ at, /** @type {Place} */ { section, offset }) {
  const lines = [];
  // What every record begins with has 8 bytes.
  let end = 8;
  for (let entry = offset; ; entry += 40) {
    const type = at(section, entry);
    const name = at(section, entry + 8);
    if (!type || !name) return lines;
    const start = (elf.sections[section]?.offset ?? 0) + entry;
    const size = elf.bytes.readInt32LE(start + 16);
    const align = Math.max(1, elf.bytes.readInt32LE(start + 20));
    const place = Math.ceil(end / align) * align;
    end = place + size;
    lines.push(`\tfield:${declared(textAt(elf, type), textAt(elf, name), elf.bytes.readInt32LE(start + 32))};\toffset:${place};\tsize:${size};\tsigned:${(elf.bytes[start + 24] ?? 0) & 1};`);
  }
}

/** The kernel writes the length of an array behind the name, as a number; not that of one whose bytes are elsewhere. */
function declared(/** @type {string} */ type, /** @type {string} */ name, /** @type {number} */ length) {
  const bracket = type.startsWith('__data_loc') || type.startsWith('__rel_loc') ? -1 : type.indexOf('[');
  if (bracket < 0) return `${type} ${name}`;
  return `${type.slice(0, bracket)} ${name}${length > 0 ? `[${length}]` : type.slice(bracket)}`;
}

function textAt(/** @type {import('./elf.mjs').Elf} */ { bytes, sections }, /** @type {Place} */ { section, offset }) {
  const start = (sections[section]?.offset ?? 0) + offset;
  return bytes.toString('latin1', start, bytes.indexOf(0, start));
}

/**
 * Where the pointer at a place of a section will point, once it is relocated. Null for a section without pointers.
 * @param {import('./elf.mjs').Elf} elf @param {readonly import('./elf.mjs').Symbol_[]} symbols
 * @returns {(section: number, offset: number) => Place | undefined | null}
 */
function pointers(elf, symbols) {
  const bySection = new Map(elf.sections.filter(({ name }) => name.startsWith('.rela.')).map((table) => {
    const places = readRelocations(elf, table.name.slice('.rela'.length)).map(({ at, symbol, addend }) => {
      const { section = 0, value = 0 } = symbols[symbol] ?? {};
      return /** @type {const} */ ([at, { section, offset: value + addend }]);
    });
    return [table.info, new Map(places)];
  }));
  return (section, offset) => (bySection.has(section) ? bySection.get(section)?.get(offset) : null);
}
