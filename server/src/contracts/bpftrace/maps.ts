import type { Sym } from '../../language/bpftrace/analysis/analysis.ts';
import type { BtType } from '../../language/bpftrace/analysis/types.ts';
import { int64 } from '../../language/bpftrace/analysis/types.ts';
import { bits, type IrExpr } from '../ir/ir.ts';
import { NoMeaning } from './no-meaning.ts';
import { encode, widthOfType, type Value } from './values.ts';

/** How a map is laid out in bits. */
export interface MapLayout {
  readonly name: string;
  /** `none` when it has no key. */
  readonly key: BtType;
  readonly value: BtType;
}

export function layoutOf({ name, type, keyType }: Sym): MapLayout {
  const known = (of: BtType | undefined, otherwise: BtType): BtType => (of === undefined || of.kind === 'unknown' ? otherwise : of);
  const value = known(type, int64);
  return { name, key: known(keyType, { kind: 'none' }), value: value.kind === 'none' ? int64 : value };
}

export const keyWidth = ({ key }: MapLayout): number => (key.kind === 'none' ? 1 : widthOfType(key));
export const valueWidth = ({ value }: MapLayout): number => widthOfType(value);

/** All parts of a key together. */
export function encodeKey({ key, name }: MapLayout, parts: readonly Value[]): IrExpr {
  if (key.kind === 'none') return bits(0, 1);
  const [only] = parts;
  if (!only) throw new NoMeaning(`${name} is used without its key`);
  if (key.kind === 'tuple') return encode(parts.length === 1 ? only : { kind: 'tuple', elements: parts }, key);
  return encode(only, key);
}

export const entryOf = ({ name }: MapLayout, key: IrExpr): IrExpr => ({ kind: 'entry', map: name, key });
export const presentIn = ({ name }: MapLayout, key: IrExpr): IrExpr => ({ kind: 'present', map: name, key });
