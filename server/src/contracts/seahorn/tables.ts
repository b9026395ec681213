import type { IrMap, Width } from '../ir/ir.ts';
import { typeOf, wordWidths } from './words.ts';

const parameters = (letter: string, width: number): readonly string[] => wordWidths(width).map((_, n) => `${letter}${n}`);
const suffixed = (name: string, width: number, n: number): string => (wordWidths(width).length === 1 ? name : `${name}_${n}`);

/** The log of writes to a map: `slots` of them, the oldest first. What was not written yet says so. */
export function mapLog(name: string, { key, value }: IrMap, slots: number): readonly string[] {
  const arrays = (what: string, width: number): readonly string[] => wordWidths(width).map((word, n) => `  ${typeOf(word)} ${suffixed(`${name}__${what}`, width, n)}[${slots}] = {0};`);
  return [`  uint8_t ${name}__kinds[${slots}] = {0};`, ...arrays('keys', key), ...arrays('values', value)];
}

/** What is done with a map, as macros: functions would have to take pointers, which SeaHorn keeps in its memory model. */
export function mapMacros(name: string, { key, value }: IrMap, slots: number, perEvent: number): readonly string[] {
  const [keys, values] = [parameters('K', key), parameters('V', value)];
  const keyWords = wordWidths(key).map((word, n) => `const ${typeOf(word)} key${n}_ = (K${n});`).join(' ');
  const valueWords = wordWidths(value).map((word, n) => `const ${typeOf(word)} value${n}_ = (V${n});`).join(' ');
  const same = wordWidths(key).map((_, n) => `${suffixed(`${name}__keys`, key, n)}[i_] == key${n}_`).join(' && ');
  const store = (what: string, width: number, text: (n: number) => string): string => wordWidths(width).map((_, n) => `${suffixed(`${name}__${what}`, width, n)}[slot_] = ${text(n)};`).join(' ');
  const newest = (type: string, nothing: string, found: string): string =>
    `({ ${keyWords} ${type} found_ = ${nothing}; UNROLL for (unsigned i_ = 0; i_ < ${slots}; i_++) { if (${name}__kinds[i_] == CLEARED) found_ = ${nothing}; else if (${name}__kinds[i_] != NOTHING && ${same}) found_ = ${found}; } found_; })`;
  const slot = (site: string): string => `const unsigned slot_ = event * ${perEvent} + (${site});`;
  return [
    `#define ${name}__present(${keys.join(', ')}) ${newest('bool', 'false', `${name}__kinds[i_] == PUT`)}`,
    ...wordWidths(value).map((word, n) => `#define ${suffixed(`${name}__value`, value, n)}(${keys.join(', ')}) ${newest(typeOf(word), '0', `${suffixed(`${name}__values`, value, n)}[i_]`)}`),
    `#define ${name}__put(SITE, ${[...keys, ...values].join(', ')}) do { ${keyWords} ${valueWords} ${slot('SITE')} ${name}__kinds[slot_] = PUT; ${store('keys', key, (n) => `key${n}_`)} ${store('values', value, (n) => `value${n}_`)} } while (0)`,
    `#define ${name}__remove(SITE, ${keys.join(', ')}) do { ${keyWords} ${slot('SITE')} ${name}__kinds[slot_] = REMOVED; ${store('keys', key, (n) => `key${n}_`)} ${store('values', value, () => '0')} } while (0)`,
    `#define ${name}__clear(SITE) do { ${slot('SITE')} ${name}__kinds[slot_] = CLEARED; } while (0)`,
  ];
}

/** What was read through addresses in one event: the same address gives the same value. */
export function readTable(name: string, width: Width, slots: number): readonly string[] {
  const values = wordWidths(width === 'bool' ? 1 : width).map((word, n) => `    ${width === 'bool' ? 'bool' : typeOf(word)} ${suffixed(`${name}__values`, Number(width), n)}[${slots}] = {0};`);
  return [`    bool ${name}__read[${slots}] = {0};`, `    uint64_t ${name}__addresses[${slots}] = {0};`, ...values];
}

/** Reads through an address; each word of a wide value has its own macro, and all of them are read by the first. */
export function readMacros(name: string, width: Width, slots: number, nd: readonly string[]): readonly string[] {
  const bits = width === 'bool' ? 1 : width;
  const widths = wordWidths(bits);
  const type = (word: number): string => (width === 'bool' ? 'bool' : typeOf(word));
  const value = (n: number): string => suffixed(`${name}__values`, bits, n);
  const declare = widths.map((word, n) => `${type(word)} value${n}_ = 0;`).join(' ');
  const take = widths.map((_, n) => `value${n}_ = ${value(n)}[i_];`).join(' ');
  const fresh = nd.map((call, n) => `value${n}_ = ${call};`).join(' ');
  const keep = widths.map((_, n) => `${value(n)}[site_] = value${n}_;`).join(' ');
  return widths.map((_, n) =>
    `#define ${suffixed(`${name}__of`, bits, n)}(SITE, ADDRESS) ({ const uint64_t address_ = (ADDRESS); const unsigned site_ = (SITE); bool known_ = false; ${declare} UNROLL for (unsigned i_ = 0; i_ < ${slots}; i_++) if (!known_ && ${name}__read[i_] && ${name}__addresses[i_] == address_) { known_ = true; ${take} } if (!known_) { ${fresh} } ${name}__read[site_] = true; ${name}__addresses[site_] = address_; ${keep} value${n}_; })`);
}
