import { resolve, type CEnum, type CField, type CStruct, type CType } from '../../../../kernel/ctype.ts';
import type { KernelTypes } from '../../../../kernel/inventory.ts';
import type { CMember, CType as CItem, Item } from '../../syntax/ast.ts';
import type { Document } from '../../syntax/document.ts';
import { emptyStruct, lazily } from './convert.ts';
import { builtinCType, normalise } from './parse.ts';

/** The C types and constants a program can name: its own preamble first, then the kernel's. */
export interface Types {
  struct(name: string): CStruct | undefined;
  union(name: string): CStruct | undefined;
  enum(name: string): CEnum | undefined;
  typedef(name: string): CType | undefined;
  enumerator(name: string): { readonly value: bigint; readonly of: CEnum } | undefined;
  /** Replacement text of a `#define` without parameters. */
  define(name: string): string | undefined;
  /** Names of the program's own types, for "did you mean". */
  readonly ownNames: readonly string[];
  /** Headers are included: what is not known may come from there. */
  readonly includes: boolean;
}

interface Own {
  readonly items: Map<string, CItem>;
  readonly types: Map<string, CStruct | CEnum | CType>;
  readonly enumerators: Map<string, { readonly value: bigint; readonly of: CEnum }>;
  readonly defines: Map<string, string>;
  readonly kernel: KernelTypes;
}

/** The last program's types by kernel: while other parts of it are edited, its preamble stays the same objects. */
const last = new WeakMap<KernelTypes, { readonly items: readonly Item[]; readonly types: Types }>();

export function typesOf(document: Document, kernel: KernelTypes): Types {
  const items = document.items.map((placed) => placed.item).filter((item) => item.kind === 'c-type' || item.kind === 'directive');
  const before = last.get(kernel);
  if (before && before.items.length === items.length && before.items.every((item, i) => item === items[i])) return before.types;
  const types = readTypes(items, remembering(kernel));
  last.set(kernel, { items, types });
  return types;
}

/** Kernels look names up in their BTF; a program asks for the same ones again and again. */
function remembering(kernel: KernelTypes): KernelTypes {
  const keep = <T>(look: (name: string) => T): ((name: string) => T) => {
    const known = new Map<string, T>();
    return (name) => {
      if (!known.has(name)) known.set(name, look(name));
      return known.get(name) as T;
    };
  };
  return {
    struct: keep((name) => kernel.struct(name)),
    union: keep((name) => kernel.union(name)),
    enum: keep((name) => kernel.enum(name)),
    typedef: keep((name) => kernel.typedef(name)),
    enumerator: keep((name) => kernel.enumerator(name)),
    namesWith: (kind, prefix, limit) => kernel.namesWith(kind, prefix, limit),
  };
}

function readTypes(items: readonly Item[], kernel: KernelTypes): Types {
  const own: Own = { items: new Map(), types: new Map(), enumerators: new Map(), defines: new Map(), kernel };
  let includes = false;
  for (const item of items) {
    if (item.kind === 'c-type' && !item.forward) addItem(own, item);
    else if (item.kind === 'directive') {
      if (item.name === 'include') includes = true;
      else if (item.name === 'define' && item.subject && !item.params) own.defines.set(item.subject.text, item.value ?? '');
    }
  }
  for (const item of own.items.values()) if (item.tag === 'enum') addEnum(own, item);
  return {
    struct: (name) => structOf(own, 'struct', name),
    union: (name) => structOf(own, 'union', name),
    enum: (name) => enumOf(own, name),
    typedef: (name) => typedefOf(own, name),
    enumerator: (name) => own.enumerators.get(name) ?? kernel.enumerator(name),
    define: (name) => own.defines.get(name),
    ownNames: [...own.items.values()].flatMap((i) => (i.name ? [i.name.text] : [])),
    includes,
  };
}

function addItem(own: Own, item: CItem): void {
  if (item.name) own.items.set(`${item.tag} ${item.name.text}`, item);
  else if (item.tag === 'enum') own.items.set(`enum #${own.items.size}`, item);
  // `typedef struct foo { … } foo_t;` makes both.
  const tagged = item.tag === 'typedef' ? /^\s*typedef\s+(struct|union|enum)\s+(\w+)\s*\{/.exec(item.text) : undefined;
  if (tagged) own.items.set(`${tagged[1]} ${tagged[2]}`, item);
  addNested(own, item.members);
}

/** A struct defined in place inside another one can be named outside of it too, as in C. */
function addNested(own: Own, members: readonly CMember[]): void {
  for (const member of members) {
    if (!member.members) continue;
    const named = /^(struct|union)\s+(\w+)$/.exec(normalise(member.type));
    if (named) own.types.set(`${named[1]} ${named[2]}`, structFrom(own, named[1] === 'union' ? 'union' : 'struct', named[2] ?? '', member.members));
    addNested(own, member.members);
  }
}

function structOf(own: Own, kind: 'struct' | 'union', name: string): CStruct | undefined {
  const key = `${kind} ${name}`;
  const known = own.types.get(key);
  if (known) return known as CStruct;
  const item = own.items.get(key);
  if (!item) return own.kernel[kind](name);
  // `struct foo;` declares what the kernel defines.
  if (item.members.length === 0 && !item.text.includes('{')) return own.kernel[kind](name) ?? emptyStruct(kind, name);
  const made = structFrom(own, kind, name, item.members);
  own.types.set(key, made);
  return made;
}

function enumOf(own: Own, name: string): CEnum | undefined {
  return (own.types.get(`enum ${name}`) as CEnum | undefined) ?? own.kernel.enum(name);
}

function typedefOf(own: Own, name: string): CType | undefined {
  const key = `typedef ${name}`;
  const known = own.types.get(key);
  if (known) return known;
  const item = own.items.get(key);
  if (!item) return own.kernel.typedef(name) ?? builtinCType(name);
  const made: CType = { kind: 'typedef', name, to: lazily(() => typedefTarget(own, item)) };
  own.types.set(key, made);
  return made;
}

function typedefTarget(own: Own, item: CItem): CType {
  const tag = /^\s*typedef\s+(?:const\s+)?(struct|union|enum)\b\s*(\w+)?\s*\{/.exec(item.text);
  if (tag) return tag[1] === 'enum' ? { kind: 'enum', name: tag[2] ?? '', size: 4, signed: false, values: () => [] } : structFrom(own, tag[1] === 'union' ? 'union' : 'struct', tag[2] ?? item.name?.text ?? '', item.members);
  const plain = /^\s*typedef\s+([\w\s]+?)\s*(\**)\s*\b\w+\s*((?:\[\w+\])*)\s*;?\s*$/.exec(item.text);
  if (!plain) return { kind: 'pointer', to: () => ({ kind: 'void' }) };
  return declarator(own, plain[1] ?? '', plain[2]?.length ?? 0, [...(plain[3] ?? '').matchAll(/\[\w+\]/g)].map((m) => m[0]));
}

function declarator(own: Own, type: string, pointers: number, arrays: readonly string[]): CType {
  let made = baseType(own, normalise(type));
  for (let i = 0; i < pointers; i++) {
    const to = made;
    made = { kind: 'pointer', to: () => to };
  }
  for (const array of arrays.toReversed()) {
    const of = made;
    made = { kind: 'array', of: () => of, length: lengthOf(own, array) };
  }
  return made;
}

function baseType(own: Own, name: string): CType {
  const tagged = /^(struct|union|enum) (\w+)$/.exec(name);
  if (tagged) {
    const [, tag, word = ''] = tagged;
    // One that is defined in place, or in a header.
    if (tag === 'enum') return enumOf(own, word) ?? { kind: 'enum', name: word, size: 4, signed: false, values: () => [] };
    const kind = tag === 'union' ? 'union' : 'struct';
    return structOf(own, kind, word) ?? { kind: 'forward', tag: kind, name: word };
  }
  return builtinCType(name) ?? typedefOf(own, name) ?? { kind: 'forward', tag: 'struct', name };
}

function lengthOf(own: Own, array: string): number {
  const text = array.replace(/^\[|\]$/g, '').trim();
  const value = /^\w+$/.test(text) && Number.isNaN(Number(text)) ? (own.defines.get(text) ?? own.enumerators.get(text)?.value.toString() ?? '') : text;
  const number = Number(value);
  return Number.isFinite(number) ? number : 0;
}

function structFrom(own: Own, kind: 'struct' | 'union', name: string, members: readonly CMember[]): CStruct {
  let busy = false;
  const laidOut = lazily(() => {
    // A struct that holds itself has no size; C refuses it, and so will bpftrace.
    if (busy) return { size: 0, fields: [] };
    busy = true;
    try {
      return layOut(own, kind, members);
    } finally {
      busy = false;
    }
  });
  return {
    kind,
    name,
    get size() {
      return laidOut().size;
    },
    fields: () => laidOut().fields,
  };
}

function memberType(own: Own, member: CMember): CType {
  if (member.functionPointer) return { kind: 'pointer', to: () => ({ kind: 'function', params: [], returns: () => ({ kind: 'void' }), variadic: false }) };
  if (member.members) {
    const tag = member.union ? 'union' : 'struct';
    const inner = structFrom(own, tag, /^(?:struct|union)\s+(\w+)$/.exec(normalise(member.type))?.[1] ?? '', member.members);
    return member.arrays.length > 0 || member.pointers > 0 ? wrap(own, inner, member) : inner;
  }
  return declarator(own, member.type, member.pointers, member.arrays);
}

function wrap(own: Own, inner: CType, member: CMember): CType {
  let made = inner;
  for (let i = 0; i < member.pointers; i++) {
    const to = made;
    made = { kind: 'pointer', to: () => to };
  }
  for (const array of member.arrays.toReversed()) {
    const of = made;
    made = { kind: 'array', of: () => of, length: lengthOf(own, array) };
  }
  return made;
}

/** Offsets as a C compiler for 64-bit Linux lays members out; bit fields are packed into units of their type. */
function layOut(own: Own, kind: 'struct' | 'union', members: readonly CMember[]): { size: number; fields: readonly CField[] } {
  const fields: CField[] = [];
  let bit = 0;
  let end = 0;
  let align = 1;
  for (const member of members) {
    const type = memberType(own, member);
    const { size, align: own_ } = sizeAndAlign(type);
    align = Math.max(align, own_);
    if (member.bits === undefined || Math.floor(bit / (size * 8 || 8)) !== Math.floor((bit + member.bits - 1) / (size * 8 || 8))) bit = Math.ceil(bit / (own_ * 8)) * own_ * 8;
    if (kind === 'union') bit = 0;
    fields.push({ name: member.name?.text ?? '', type: () => type, bitOffset: bit, ...(member.bits === undefined ? {} : { bits: member.bits }) });
    bit += member.bits ?? size * 8;
    end = Math.max(end, bit);
  }
  return { size: Math.ceil(Math.ceil(end / 8) / align) * align, fields };
}

/** Bytes and alignment of a C type; an alignment of a struct is that of its widest member. */
export function sizeAndAlign(type: CType, depth = 0): { size: number; align: number } {
  const to = resolve(type);
  switch (to.kind) {
    case 'int':
    case 'float':
    case 'enum':
      return { size: to.size, align: Math.min(8, to.size || 1) };
    case 'pointer':
      return { size: 8, align: 8 };
    case 'array': {
      const of = sizeAndAlign(to.of(), depth + 1);
      return { size: of.size * to.length, align: of.align };
    }
    case 'struct':
    case 'union':
      return { size: to.size, align: depth > 16 ? 8 : Math.max(1, ...to.fields().map((f) => sizeAndAlign(f.type(), depth + 1).align)) };
    default:
      return { size: 0, align: 1 };
  }
}

function addEnum(own: Own, item: CItem): void {
  const values: { name: string; value: bigint }[] = [];
  const made: CEnum = { kind: 'enum', name: item.name?.text ?? '', size: 4, signed: false, values: () => values };
  let next = 0n;
  for (const member of item.members) {
    if (!member.name) continue;
    const given = member.value === undefined ? undefined : constant(own, member.value);
    const value = given ?? next;
    values.push({ name: member.name.text, value });
    own.enumerators.set(member.name.text, { value, of: made });
    next = value + 1n;
  }
  if (item.name) own.types.set(`enum ${item.name.text}`, made);
}

function constant(own: Own, text: string): bigint | undefined {
  const word = text.trim().replace(/[uUlL]+$/, '');
  const shift = /^\(?\s*(\w+)\s*<<\s*(\w+)\s*\)?$/.exec(word);
  if (shift) return (constant(own, shift[1] ?? '') ?? 0n) << (constant(own, shift[2] ?? '') ?? 0n);
  if (/^-?(?:0[xX][\da-fA-F]+|\d+)$/.test(word)) return word.startsWith('-') ? -BigInt(word.slice(1)) : BigInt(word);
  return own.enumerators.get(word)?.value ?? (own.defines.has(word) ? constant({ ...own, defines: new Map() }, own.defines.get(word) ?? '') : undefined);
}
