import { resolve, type CInt, type CType } from '../ctype.ts';
import type { KernelTypes } from '../inventory.ts';

/** One C declaration as tracepoint formats write them. */
export interface Declaration {
  readonly name: string;
  /** Without the name: `const char *`, `char[16]`, `__data_loc char[]`. */
  readonly typeText: string;
}

/** Splits `char comm[16]`, `const char * filename`, `__data_loc char[] cmd`. Undefined when there is no name. */
export function splitDeclaration(text: string): Declaration | undefined {
  const callback = /^(.*\(\s*\*\s*)([A-Za-z_]\w*)(\s*\).*)$/.exec(text);
  if (callback) return { name: callback[2] ?? '', typeText: `${callback[1] ?? ''}${callback[3] ?? ''}` };
  const [, type = '', name, array = ''] = /^(.*?)([A-Za-z_]\w*)\s*((?:\[[^\]]*\])*)\s*$/.exec(text.trim()) ?? [];
  return name === undefined || type.trim() === '' ? undefined : { name, typeText: `${type.trim()}${array}` };
}

/** What the format says of the bytes themselves, for a type that nothing is known of. */
export interface Layout {
  readonly size: number;
  readonly signed: boolean;
}

/** The type of a declaration's type text, its names looked up in BTF. */
export function typeOf(text: string, types: KernelTypes, layout: Layout): CType {
  const elsewhere = /^__(?:data|rel)_loc\s+(.*?)\s*(?:\[\s*\])?$/.exec(text);
  if (elsewhere) {
    const of = typeOf(elsewhere[1] ?? '', types, { size: 1, signed: layout.signed });
    return { kind: 'array', of: () => of, length: 0, dataLoc: true };
  }
  const [, element = '', dimensions] = /^([^[]*)((?:\[[^\]]*\])+)$/.exec(text) ?? [];
  if (dimensions !== undefined) return arrayOf(element.trim(), dimensions, types, layout);
  if (text.includes('(')) return pointerTo({ kind: 'void' });
  const stars = text.split('*').length - 1;
  let type = named(text, types, stars > 0 ? undefined : layout);
  for (let i = 0; i < stars; i++) type = pointerTo(type);
  return type;
}

/** Dimensions may be written as macros; then the format's size tells how many elements there are. */
function arrayOf(element: string, dimensions: string, types: KernelTypes, layout: Layout): CType {
  const written = [...dimensions.matchAll(/\[([^\]]*)\]/g)].map(([, length = '']) => (/^\d+$/.test(length.trim()) ? Number(length) : undefined));
  const known = written.reduce<number>((product, length) => product * (length ?? 1), 1);
  const of = typeOf(element, types, { size: known > 0 && !written.includes(undefined) ? layout.size / known : 1, signed: layout.signed });
  const size = sizeOf(of);
  const lengths = written.map((length) => length ?? (size > 0 && known > 0 ? Math.floor(layout.size / (size * known)) : 0));
  return lengths.reduceRight<CType>((inner, length) => ({ kind: 'array', of: () => inner, length }), of);
}

function pointerTo(type: CType): CType {
  return { kind: 'pointer', to: () => type };
}

/** Bytes of one element; 0 when nobody can say. Tracepoint formats of 64-bit kernels. */
function sizeOf(typedef: CType): number {
  const type = resolve(typedef);
  switch (type.kind) {
    case 'pointer':
      return 8;
    case 'int':
    case 'float':
    case 'struct':
    case 'union':
    case 'enum':
      return type.size;
    case 'void':
    case 'array':
    case 'typedef':
    case 'function':
    case 'forward':
      return 0;
  }
}

function named(text: string, types: KernelTypes, layout: Layout | undefined): CType {
  const words = text.replaceAll('*', ' ').split(/\s+/).filter((word) => word !== '' && !QUALIFIERS.has(word));
  const [first = '', name = ''] = words;
  if (first === 'struct') return types.struct(name) ?? { kind: 'forward', tag: 'struct', name };
  if (first === 'union') return types.union(name) ?? { kind: 'forward', tag: 'union', name };
  if (first === 'enum') return types.enum(name) ?? { kind: 'forward', tag: 'enum', name };
  if (first === 'void') return { kind: 'void' };
  const plain = plainInt(words);
  if (plain) return plain;
  const to: CType = layout ? { kind: 'int', name: first, size: layout.size, signed: layout.signed } : { kind: 'void' };
  return types.typedef(first) ?? { kind: 'typedef', name: first, to: () => to };
}

const QUALIFIERS: ReadonlySet<string> = new Set(['const', 'volatile', 'restrict', '__user', '__rcu', '__percpu']);

/** `unsigned long long int` in any order of words. `char` is unsigned in BTF and in kernels since 6.2. */
function plainInt(words: readonly string[]): CInt | undefined {
  if (words.length === 0 || !words.every((word) => INT_WORDS.has(word))) return undefined;
  const has = (word: string): boolean => words.includes(word);
  const signed = !has('unsigned');
  const sign = signed ? '' : 'unsigned ';
  if (has('bool') || has('_Bool')) return { kind: 'int', name: '_Bool', size: 1, signed: false, encoding: 'bool' };
  if (has('char')) return { kind: 'int', name: signed && has('signed') ? 'signed char' : `${sign}char`, size: 1, signed: has('signed'), ...(words.length === 1 ? { encoding: 'char' as const } : {}) };
  if (has('short')) return { kind: 'int', name: `${sign}short`, size: 2, signed };
  const longs = words.filter((word) => word === 'long').length;
  if (longs > 0) return { kind: 'int', name: `${sign}${longs > 1 ? 'long long' : 'long'}`, size: 8, signed };
  return { kind: 'int', name: `${sign}int`, size: 4, signed };
}

const INT_WORDS: ReadonlySet<string> = new Set(['unsigned', 'signed', 'char', 'short', 'int', 'long', 'bool', '_Bool']);
