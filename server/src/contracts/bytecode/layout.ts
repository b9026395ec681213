import type { Btf } from '../../kernel/btf/btf.ts';
import { BtfTypes } from '../../kernel/btf/types.ts';
import { resolve, type CStruct, type CType } from '../../kernel/ctype.ts';

/** A field that is read as one: a number, a pointer, a text of bytes. */
export interface Leaf {
  /** From the struct's beginning, in bytes. */
  readonly offset: number;
  readonly bytes: number;
  /** The last name on the way to it: `skc_dport`, `args[2]`. */
  readonly name: string;
  readonly signed: boolean;
}

/** Longest array of bytes that is read as one value. */
const MAX_TEXT = 64;
/** Leaves of one struct; `task_struct` has a thousand. */
const MAX_LEAVES = 10_000;

export function sizeOf(type: CType, depth = 0): number {
  const at = resolve(type);
  switch (at.kind) {
    case 'pointer':
      return 8;
    case 'array':
      return depth > 16 ? 0 : at.length * sizeOf(at.of(), depth + 1);
    case 'int':
    case 'float':
    case 'enum':
    case 'struct':
    case 'union':
      return at.size;
    default:
      return 0;
  }
}

/** The fields of a struct, one after the other. Of a union one member is taken, the one told apart most finely. */
export function leavesOf(struct: CStruct): readonly Leaf[] {
  const found: Leaf[] = [];
  add(found, struct, '', 0, 0);
  const byPlace = found.toSorted((a, b) => a.offset - b.offset);
  let end = 0;
  return byPlace.filter(({ offset, bytes }) => {
    if (offset < end) return false;
    end = offset + bytes;
    return true;
  });
}

function add(found: Leaf[], type: CType, name: string, offset: number, depth: number): void {
  const at = resolve(type);
  if (found.length >= MAX_LEAVES || depth > 16) return;
  if (at.kind === 'struct') {
    for (const field of at.fields()) {
      const own = offset + Math.floor(field.bitOffset / 8);
      if (field.bits !== undefined) addBits(found, field.name, own, offset * 8 + field.bitOffset + field.bits);
      else add(found, field.type(), field.name || name, own, depth + 1);
    }
  } else if (at.kind === 'union') {
    const member = memberOf(at);
    if (member) add(found, member.type(), member.name || name, offset, depth + 1);
  } else if (at.kind === 'array') addArray(found, at.of(), at.length, name, offset, depth);
  else if (sizeOf(at) > 0) found.push({ offset, bytes: sizeOf(at), name, signed: (at.kind === 'int' || at.kind === 'enum') && at.signed });
}

/** Bit fields are read by the bytes they lie in. */
function addBits(found: Leaf[], name: string, offset: number, endBit: number): void {
  for (let at = offset; at * 8 < endBit; at++) if (!found.some((leaf) => leaf.offset === at)) found.push({ offset: at, bytes: 1, name: at === offset ? name : `${name}[${at - offset}]`, signed: false });
}

function addArray(found: Leaf[], of: CType, length: number, name: string, offset: number, depth: number): void {
  const each = sizeOf(of);
  if (each * length <= MAX_TEXT && each === 1) found.push({ offset, bytes: each * length, name, signed: false });
  else for (let i = 0; i < length && found.length < MAX_LEAVES; i++) add(found, of, `${name}[${i}]`, offset + i * each, depth + 1);
}

function memberOf(union: CStruct): ReturnType<CStruct['fields']>[number] | undefined {
  const members = union.fields().filter((field) => sizeOf(field.type()) === union.size);
  const kind = (type: CType): string => resolve(type).kind;
  return members.find((field) => kind(field.type()) === 'struct') ?? members.find((field) => kind(field.type()) === 'array') ?? members[0] ?? union.fields()[0];
}

/** Types of an object by its BTF, and what its relocations stand for. */
export class Layouts {
  readonly btf: Btf;
  readonly types: BtfTypes;
  readonly #leaves = new Map<string, readonly Leaf[]>();
  readonly #structs = new Map<string, CStruct>();

  constructor(btf: Btf) {
    this.btf = btf;
    this.types = new BtfTypes(btf);
  }

  leaves(struct: CStruct): readonly Leaf[] {
    const known = this.#leaves.get(struct.name) ?? leavesOf(struct);
    this.#leaves.set(struct.name, known);
    return known;
  }

  named(name: string): CStruct | undefined {
    return this.#structs.get(name);
  }

  /** The struct that a relocated access goes through, and how far from its beginning; the innermost one that has a name. */
  field(typeId: number, [, ...path]: readonly number[]): { readonly struct: string; readonly offset: number } | undefined {
    let at: CType = resolve(this.types.type(typeId));
    let found: { struct: string; offset: number } | undefined;
    for (const step of path) {
      if (at.kind === 'array') {
        const each = sizeOf(at.of());
        if (found) found = { ...found, offset: found.offset + step * each };
        at = resolve(at.of());
      } else if (at.kind === 'struct' || at.kind === 'union') {
        const field = at.fields()[step];
        if (!field) return undefined;
        if (at.name !== '' && at.kind === 'struct') {
          this.#structs.set(at.name, at);
          found = { struct: at.name, offset: 0 };
        }
        if (found) found = { ...found, offset: found.offset + Math.floor(field.bitOffset / 8) };
        at = resolve(field.type());
      } else return undefined;
    }
    return found;
  }
}
