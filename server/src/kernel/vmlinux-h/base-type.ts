import { KIND } from '../btf/btf.ts';
import type { TypeSpace } from './type-space.ts';

const C_WORDS: ReadonlySet<string> = new Set(['char', 'short', 'int', 'long', 'signed', 'unsigned', '_Bool', '__int128', 'float', 'double']);
const BY_SIZE: Readonly<Record<number, string>> = { 1: 'char', 2: 'short', 4: 'int', 8: 'long long', 16: '__int128' };
const FLOAT_BY_SIZE: Readonly<Record<number, string>> = { 4: 'float', 8: 'double', 16: 'long double' };

/** A number as C names it. Other languages and compilers have names of their own (`u8` of Rust, `__Poly8_t`): those go by their size. */
export function baseType(space: TypeSpace, type: number): string {
  const words = space.plainName(type).split(' ');
  if (words.every((word) => C_WORDS.has(word))) return words.join(' ');
  const size = space.size(type);
  if (space.kind(type) === KIND.float) return FLOAT_BY_SIZE[size] ?? 'double';
  const encoding = space.extra(type) >>> 24;
  if ((encoding & 4) !== 0) return '_Bool';
  return `${(encoding & 1) !== 0 ? 'signed' : 'unsigned'} ${BY_SIZE[size] ?? 'char'}`;
}
