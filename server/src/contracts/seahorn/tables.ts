import type { IrMap } from '../ir/ir.ts';
import type { Through } from './scope.ts';
import { typeOf, WORD, wordWidths } from './words.ts';

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
export function readTable(name: string, { width, address }: Through, slots: number): readonly string[] {
  const bits = width === 'bool' ? 1 : width;
  return [
    `    bool ${name}__read[${slots}] = {0};`,
    ...wordWidths(address).map((_, n) => `    uint64_t ${suffixed(`${name}__addresses`, address, n)}[${slots}] = {0};`),
    ...wordWidths(bits).map((word, n) => `    ${width === 'bool' ? 'bool' : typeOf(word)} ${suffixed(`${name}__values`, bits, n)}[${slots}] = {0};`),
  ];
}

/** Reads through an address; each word of a wide value has its own macro, and all of them are read by the first. */
export function readMacros(name: string, { width, address }: Through, slots: number, nd: readonly string[]): readonly string[] {
  const bits = width === 'bool' ? 1 : width;
  const widths = wordWidths(bits);
  const each = (text: (n: number) => string): string => widths.map((_, n) => text(n)).join(' ');
  const addresses = wordWidths(address).map((_, n) => n);
  const at = (n: number): string => suffixed(`${name}__addresses`, address, n);
  const value = (n: number): string => suffixed(`${name}__values`, bits, n);
  const given = addresses.map((n) => `const uint64_t address${n}_ = (A${n});`).join(' ');
  const declared = each((n) => `${width === 'bool' ? 'bool' : typeOf(widths[n] ?? WORD)} value${n}_ = 0;`);
  const same = addresses.map((n) => `${at(n)}[i_] == address${n}_`).join(' && ');
  const look = `UNROLL for (unsigned i_ = 0; i_ < ${slots}; i_++) if (!known_ && ${name}__read[i_] && ${same}) { known_ = true; ${each((n) => `value${n}_ = ${value(n)}[i_];`)} }`;
  const fresh = `if (!known_) { ${each((n) => `value${n}_ = ${nd[n] ?? '0'};`)} }`;
  const keep = `${name}__read[site_] = true; ${addresses.map((n) => `${at(n)}[site_] = address${n}_;`).join(' ')} ${each((n) => `${value(n)}[site_] = value${n}_;`)}`;
  return widths.map((_, n) => `#define ${suffixed(`${name}__of`, bits, n)}(SITE, ${addresses.map((a) => `A${a}`).join(', ')}) ({ ${given} const unsigned site_ = (SITE); bool known_ = false; ${declared} ${look} ${fresh} ${keep} value${n}_; })`);
}
