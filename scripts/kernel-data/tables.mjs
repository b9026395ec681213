import { Btf } from '../../server/src/kernel/btf/btf.ts';
import { BtfKernelTypes } from '../../server/src/kernel/btf/kernel-types.ts';
import { kfuncsOf } from '../../server/src/kernel/btf/kfuncs.ts';
import { declareFunction } from '../../server/src/kernel/ctype.ts';
import { textOf } from '../../server/src/kernel/record.ts';
import { decodeField } from '../../server/src/kernel/tracepoint/formats.ts';
import { symbolsOf } from '../../server/src/kernel/tracepoint/symbols.ts';

/**
 * What a kernel has, as text.
 * @typedef {{name: string, typeText: string, size: number}} Field
 * @typedef {{id: string, module: string, fields: readonly Field[], symbols: readonly import('../../server/src/kernel/tracepoint/symbols.ts').FieldSymbols[]}} Tracepoint
 * @typedef {{module: string, name: string, proto: string}} Function_
 */

/** The types of the kernel and of all its modules, also of those that were not loaded. @returns {Map<string, BtfKernelTypes>} */
export function openTypes(/** @type {Uint8Array} */ btf, /** @type {ReadonlyMap<string, import('./modules.mjs').Module>} */ modules) {
  const base = new Btf(btf);
  const kernel = new BtfKernelTypes(base);
  const types = new Map([['vmlinux', kernel]]);
  for (const { name, btf: own } of modules.values()) if (own) types.set(name, new BtfKernelTypes(new Btf(own, base), kernel));
  return types;
}

/**
 * Functions that can be traced and that BTF has a prototype of. `lines`: those of `available_filter_functions`.
 * @param {Uint8Array} lines @param {ReadonlyMap<string, BtfKernelTypes>} types @returns {Function_[]}
 */
export function functionsOf(lines, types) {
  const entries = textOf(lines).split('\n').map((line) => /^(\S+)(?: \[(.+)\])?$/.exec(line)).filter((entry) => entry !== null);
  return prototypesOf(entries.map(([, name = '', module = 'vmlinux']) => ({ name, module })), types);
}

/** @param {readonly {name: string, module: string}[]} functions @param {ReadonlyMap<string, BtfKernelTypes>} types @returns {Function_[]} */
export function prototypesOf(functions, types) {
  const unique = new Map(functions.map((f) => [`${f.module} ${f.name}`, f]));
  return [...unique.values()].flatMap(({ name, module }) => {
    const proto = types.get(module)?.func(name);
    return proto ? [{ module, name, proto: declareFunction(proto, name) }] : [];
  });
}

/** What BTF marks as callable from programs, traceable or not. @param {ReadonlyMap<string, BtfKernelTypes>} types */
export function kfuncPrototypes(types) {
  return prototypesOf([...types].flatMap(([module, { types: { btf } }]) => kfuncsOf(btf).map((name) => ({ name, module }))), types);
}

/**
 * `text`: what `grep -H -e field: -e 'print fmt' CATEGORY/EVENT/format` prints of all tracepoints.
 * @param {string} text @param {ReadonlyMap<string, import('./modules.mjs').Module>} modules @param {ReadonlyMap<string, BtfKernelTypes>} types
 */
export function tracepointsOf(text, modules, types) {
  const owner = ownersOf(modules);
  /** @type {Map<string, {fields: Field[], print: string}>} */
  const events = new Map();
  for (const line of text.split('\n')) {
    const [, category, event, rest = ''] = /^([^/]+)\/([^/]+)\/format:(.*)$/s.exec(line) ?? [];
    if (category === undefined || event === undefined || category === 'ftrace') continue;
    const id = `${category}:${event}`;
    const known = events.get(id) ?? { fields: [], print: '' };
    events.set(id, known);
    if (rest.startsWith('print fmt:')) known.print = rest;
    const kernel = /** @type {BtfKernelTypes} */ (types.get('vmlinux'));
    const field = decodeField(rest, kernel);
    // An event that two modules define is listed twice.
    if (field && !known.fields.some(({ name }) => name === field.name)) known.fields.push({ name: field.name, typeText: field.typeText, size: field.size });
  }
  return [...events].map(([id, { fields, print }]) => {
    const module = owner(id);
    return { id: `tracepoint:${id}`, module, fields, symbols: symbolsOf(print, (name) => types.get(module)?.enumerator(name)?.value ?? types.get('vmlinux')?.enumerator(name)?.value) };
  });
}

/** Which module a tracepoint is of; a category may be of several. */
function ownersOf(/** @type {ReadonlyMap<string, import('./modules.mjs').Module>} */ modules) {
  const plain = (/** @type {string} */ category) => category.replaceAll('-', '_');
  const owners = new Map([...modules.values()].flatMap(({ name, events, categories }) => events.flatMap((event) => categories.map((category) => [`${plain(category)}:${event}`, name]))));
  return (/** @type {string} */ id) => owners.get(plain(id)) ?? 'vmlinux';
}

/** As a spec's `proto` has it: `dev_t dev; const char *name; unsigned long args[6]`. */
export function declareField(/** @type {Field} */ { name, typeText }) {
  // `char[16]`, but `__data_loc char[]` stays as the format has it.
  const [, element, dimensions] = /^__(?:data|rel)_loc/.test(typeText) ? [] : /^(.*?)((?:\[[^\]]*\])+)$/.exec(typeText) ?? [];
  if (dimensions !== undefined) return `${joined(element ?? '', name)}${dimensions}`;
  return typeText.includes('(*)') ? typeText.replace('(*)', `(*${name})`) : joined(typeText, name);
}

function joined(/** @type {string} */ type, /** @type {string} */ name) {
  const tight = type.replace(/\s*\*/g, ' *').replace(/\* +(?=\*)/g, '*');
  return tight.endsWith('*') ? `${tight}${name}` : `${tight} ${name}`;
}
