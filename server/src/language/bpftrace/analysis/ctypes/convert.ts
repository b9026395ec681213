import { resolve, type CStruct, type CType } from '../../../../kernel/ctype.ts';
import { unknown, type AddressSpace, type BtType } from '../types.ts';

/** One bpftrace type for each C type, so that a field of a struct is converted once and types can be compared by identity. */
const cache: Readonly<Record<AddressSpace, WeakMap<CType, BtType>>> = { kernel: new WeakMap(), user: new WeakMap(), any: new WeakMap() };

/** A C type as an expression of bpftrace has it; `space` is where the value was read from. */
export function fromC(type: CType, space: AddressSpace): BtType {
  const known = cache[space].get(type);
  if (known) return known;
  const made = convert(resolve(type), space);
  cache[space].set(type, made);
  return made;
}

function convert(type: CType, space: AddressSpace): BtType {
  switch (type.kind) {
    case 'void':
      return { kind: 'void' };
    case 'int':
      return integer(type.size, type.signed);
    case 'enum':
      return { kind: 'integer', bits: bitsOf(type.size), signed: type.signed, of: type };
    case 'pointer':
      return { kind: 'pointer', to: lazily(() => fromC(type.to(), type.tag === 'user' ? 'user' : space)), space: type.tag === 'user' ? 'user' : space };
    case 'array':
      // Only plain `char` is text: `unsigned char mac[6]` stays an array.
      return isChar(type.of()) ? { kind: 'string', size: type.length } : { kind: 'array', of: lazily(() => fromC(type.of(), space)), length: type.length };
    case 'struct':
    case 'union':
      return { kind: 'record', struct: type, space };
    case 'forward':
      return { kind: 'record', struct: emptyStruct(type.tag === 'union' ? 'union' : 'struct', type.name), space };
    case 'function':
      return { kind: 'c-function', type };
    // bpftrace has no floating point.
    case 'float':
    case 'typedef':
      return unknown;
  }
}

export function emptyStruct(kind: 'struct' | 'union', name: string): CStruct {
  return { kind, name, size: 0, fields: () => [] };
}

function isChar(type: CType): boolean {
  const to = resolve(type);
  return to.kind === 'int' && to.name === 'char';
}

export function integer(bytes: number, signed: boolean): BtType {
  return { kind: 'integer', bits: bitsOf(bytes), signed };
}

function bitsOf(bytes: number): 8 | 16 | 32 | 64 {
  return bytes === 1 ? 8 : bytes === 2 ? 16 : bytes === 4 ? 32 : 64;
}

export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Bytes a value takes; 0 when that is not known. */
export function sizeOf(type: BtType): number {
  switch (type.kind) {
    case 'integer':
      return type.bits / 8;
    case 'bool':
      return 1;
    case 'pointer':
      return 8;
    case 'string':
    case 'buffer':
      return type.size;
    case 'array':
      return type.length * sizeOf(type.of());
    case 'record':
      return type.struct.size;
    case 'tuple':
      return type.elements.reduce((sum, e) => sum + sizeOf(e), 0);
    default:
      return 0;
  }
}
