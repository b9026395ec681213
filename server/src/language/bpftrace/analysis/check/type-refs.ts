import { suggest } from '../suggest.ts';
import type { TypeRef } from '../../syntax/ast.ts';
import { fromC } from '../ctypes/convert.ts';
import { ownType } from '../ctypes/text.ts';
import { unknown, type BtType } from '../types.ts';
import { isExpr } from '../../syntax/walk.ts';
import { fault, replacement, type State } from './state.ts';

/** The type that is written in a cast, a declaration or a `sizeof`; reports those that do not exist. */
export function typeOfRef(state: State, ref: TypeRef): BtType {
  let type = baseType(state, ref);
  if (type.kind === 'unknown') return unknown;
  for (let i = 0; i < ref.pointers; i++) {
    const to: BtType = type;
    type = { kind: 'pointer', to: () => to, space: state.place.space };
  }
  for (const length of ref.arrays.toReversed()) type = arrayOf(type, length ?? 0);
  return type;
}

function arrayOf(of: BtType, length: number): BtType {
  if ((of.kind === 'string' || of.kind === 'buffer') && of.size === 0) return { kind: of.kind, size: length };
  return { kind: 'array', of: () => of, length };
}

function baseType(state: State, ref: TypeRef): BtType {
  const name = ref.name.text;
  switch (ref.tag) {
    case 'tuple':
      return { kind: 'tuple', elements: (ref.elements ?? []).map((e) => typeOfRef(state, e)) };
    case 'typeof':
      return ref.of === undefined ? unknown : isExpr(ref.of) ? state.visit(ref.of) : typeOfRef(state, ref.of);
    case 'struct':
    case 'union': {
      const found = state.types[ref.tag](name);
      return found ? fromC(found, state.place.space) : missing(state, ref);
    }
    case 'enum': {
      const found = state.types.enum(name);
      return found ? { kind: 'integer', bits: 64, signed: false, of: found } : missing(state, ref);
    }
    case 'name':
      return namedType(state, ref, name);
  }
}

function namedType(state: State, ref: TypeRef, name: string): BtType {
  const own = ownType(name);
  if (own && (own.kind === 'integer' || state.rules.modern || ref.pointers === 0)) return own;
  const typedef = state.types.typedef(name);
  // Before types had a pass of their own only struct names could do without their keyword.
  const type = typedef && state.rules.modern ? fromC(typedef, state.place.space) : undefined;
  const struct = type ? undefined : (state.types.struct(name) ?? state.types.union(name));
  return type ?? (struct ? fromC(struct, state.place.space) : typedef && fromC(typedef, 'kernel').kind === 'record' ? fromC(typedef, state.place.space) : missing(state, ref));
}

function missing(state: State, ref: TypeRef): BtType {
  // A header that is not read here may define it.
  if (state.types.includes || ref.name.text === '') return unknown;
  const written = ref.tag === 'name' ? ref.name.text : `${ref.tag} ${ref.name.text}`;
  const near = nearType(state, ref);
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  fault(state, 'unknown-type', ref.name, `There is no type ${written}: neither in this program nor on ${state.options.inventory.label}.${hint}`, near === undefined ? {} : { repairs: [replacement(state, ref.name, near)] });
  return unknown;
}

function nearType(state: State, ref: TypeRef): string | undefined {
  const name = ref.name.text;
  return suggest(state.suggestions, name, () => {
    const kernel = ref.tag === 'struct' || ref.tag === 'union' || ref.tag === 'enum' ? state.options.inventory.types.namesWith(ref.tag, name.slice(0, Math.ceil(name.length / 2)), 200) : [];
    const integers = ref.tag === 'name' ? ['uint8', 'uint16', 'uint32', 'uint64', 'int8', 'int16', 'int32', 'int64', 'string', 'bool'] : [];
    return [...state.types.ownNames, ...kernel, ...integers];
  });
}
