import { resolve, type CStruct, type CType } from '../../../kernel/ctype.ts';
import { sizeOf } from '../../bytecode/layout.ts';

/** A part of an object that gets a value of its own. */
export interface Part {
  /** As C writes it behind the object: `__sk_common.skc_dport`, `args[2]`. */
  readonly path: string;
  /** As reads of it are called in a proof. */
  readonly name: string;
  /** In bytes, from the object's beginning. */
  readonly offset: number;
  readonly bytes: number;
  readonly kind: 'number' | 'text' | 'bits' | 'pointer';
  /** The struct that a pointer leads to. */
  readonly to?: string;
}

/** Longest array of bytes that is read as one value. */
const MAX_TEXT = 64;
/** Elements of arrays that get values of their own. */
const MAX_ELEMENTS = 16;
const MAX_DEPTH = 8;

/** The parts of a struct that a program names, told by all the words in it. Of a union one member is taken. */
export function partsOf(struct: CStruct, words: ReadonlySet<string>): readonly Part[] {
  const found: Part[] = [];
  const add = (type: CType, path: string, name: string, offset: number, wanted: boolean, depth: number): boolean => {
    const at = resolve(type);
    if (depth > MAX_DEPTH) return false;
    if (at.kind === 'struct') return addStruct(at, path, name, offset, wanted, depth);
    if (at.kind === 'union') return addUnion(at, path, name, offset, wanted, depth);
    if (!wanted) return false;
    if (at.kind === 'array') addArray(at.of(), at.length, path, name, offset, depth);
    else if (sizeOf(at) > 0) {
      const to = at.kind === 'pointer' ? resolve(at.to()) : undefined;
      found.push({ path, name, offset, bytes: sizeOf(at), kind: at.kind === 'pointer' ? 'pointer' : 'number', ...(to?.kind === 'struct' && { to: to.name }) });
    }
    return true;
  };
  const addStruct = (at: CStruct, path: string, name: string, offset: number, wanted: boolean, depth: number): boolean => {
    const inside = at.fields().map((field) => {
      const own = field.name === '' ? path : path === '' ? field.name : `${path}.${field.name}`;
      const from = offset + Math.floor(field.bitOffset / 8);
      if (field.bits === undefined) return add(field.type(), own, field.name || name, from, words.has(field.name), depth + 1);
      if (field.name !== '' && words.has(field.name)) found.push({ path: own, name: field.name, offset: from, bytes: 1, kind: 'bits' });
      return field.name !== '' && words.has(field.name);
    }).includes(true);
    // A struct that is taken as a whole.
    if (!inside && wanted && path !== '') for (const field of at.fields()) if (field.bits === undefined && field.name !== '') add(field.type(), `${path}.${field.name}`, field.name, offset + field.bitOffset / 8, true, depth + 1);
    return inside || wanted;
  };
  const addUnion = (at: CStruct, path: string, name: string, offset: number, wanted: boolean, depth: number): boolean => {
    const member = memberOf(at, words);
    if (!member) return false;
    const named = wanted || at.fields().some((field) => words.has(field.name)) || at.fields().some((field) => namesInside(field.type(), words));
    const own = member.name === '' ? path : path === '' ? member.name : `${path}.${member.name}`;
    return add(member.type(), own, member.name || name, offset, named, depth + 1);
  };
  const addArray = (of: CType, length: number, path: string, name: string, offset: number, depth: number): void => {
    const each = sizeOf(of);
    if (each === 1 && length <= MAX_TEXT && length > 0) found.push({ path, name, offset, bytes: length, kind: 'text' });
    else for (let i = 0; i < Math.min(length, MAX_ELEMENTS); i++) add(of, `${path}[${i}]`, `${name}[${i}]`, offset + i * each, true, depth + 1);
  };
  addStruct(struct, '', '', 0, false, 0);
  return found;
}

function namesInside(type: CType, words: ReadonlySet<string>): boolean {
  const at = resolve(type);
  return (at.kind === 'struct' || at.kind === 'union') && at.fields().some((field) => words.has(field.name) || namesInside(field.type(), words));
}

/** The one told apart most finely, as everywhere in proofs. */
function memberOf(union: CStruct, words: ReadonlySet<string>): ReturnType<CStruct['fields']>[number] | undefined {
  const members = union.fields().filter((field) => sizeOf(field.type()) === union.size);
  const kind = (type: CType): string => resolve(type).kind;
  return members.find((field) => kind(field.type()) === 'struct' && namesInside(field.type(), words)) ?? members.find((field) => kind(field.type()) === 'struct') ?? members.find((field) => kind(field.type()) === 'array') ?? members[0] ?? union.fields()[0];
}
