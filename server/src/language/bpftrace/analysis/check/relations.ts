import type { CStruct } from '../../../../kernel/ctype.ts';
import { sizeOf } from '../ctypes/convert.ts';
import type { Rules } from '../rules.ts';
import type { BtType } from '../types.ts';
import type { Bounds } from './state.ts';

export const isInteger = (t: BtType): t is Extract<BtType, { kind: 'integer' }> => t.kind === 'integer';
export const isPointer = (t: BtType): t is Extract<BtType, { kind: 'pointer' }> => t.kind === 'pointer';
/** Wrong before, or not known yet: nothing more is said of it. */
export const isUnknown = (t: BtType): boolean => t.kind === 'unknown' || t.kind === 'none';
/** Reads as a number although a map holds it as an aggregation. */
export function isCountable(t: BtType): boolean {
  return t.kind === 'aggregation' && (t.of === 'count' || t.of === 'sum' || t.of === 'min' || t.of === 'max' || t.of === 'avg');
}
export function isSigned(t: BtType): boolean {
  return (t.kind === 'integer' || t.kind === 'aggregation') && t.signed;
}

/** The same type whatever its size: what bpftrace asks before it joins, compares or assigns. */
export function sameKind(a: BtType, b: BtType, rules: Rules): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === 'aggregation') return b.kind === 'aggregation' && a.of === b.of;
  if (a.kind === 'tuple' && b.kind === 'tuple') return sameTuple(a, b, rules);
  if (a.kind === 'pointer' && b.kind === 'pointer') return samePointee(a.to(), b.to());
  if (a.kind === 'record' && b.kind === 'record') return sameStruct(a.struct, b.struct);
  if (a.kind === 'array' && b.kind === 'array') return a.length === b.length && sameExactly(a.of(), b.of());
  if (rules.modern && (a.kind === 'kstack' || a.kind === 'ustack') && a.kind === b.kind) return (a.mode ?? 'bpftrace') === (b.mode ?? 'bpftrace') && (a.frames ?? DEFAULT_FRAMES) === (b.frames ?? DEFAULT_FRAMES);
  return true;
}

/** Frames of a stack when nothing is said. */
const DEFAULT_FRAMES = 127;

function sameTuple(a: Extract<BtType, { kind: 'tuple' }>, b: Extract<BtType, { kind: 'tuple' }>, rules: Rules): boolean {
  if (a.elements.length !== b.elements.length || (a.names === undefined) !== (b.names === undefined)) return false;
  return a.elements.every((e, i) => {
    const at = a.names ? b.names?.indexOf(a.names[i] ?? '') : i;
    const other = at === undefined ? undefined : b.elements[at];
    return other !== undefined && sameKind(e, other, rules);
  });
}

/** Pointers match when what they lead to has the same name; integers behind them must be equal. */
function samePointee(a: BtType, b: BtType): boolean {
  if (a.kind === 'record' && b.kind === 'record') return sameStruct(a.struct, b.struct);
  if (isPointer(a) && isPointer(b)) return samePointee(a.to(), b.to());
  return sameExactly(a, b);
}

export function sameStruct(a: CStruct, b: CStruct): boolean {
  return a === b || (a.name === b.name && a.kind === b.kind);
}

export function sameIntegers(a: BtType, b: BtType): boolean {
  return isInteger(a) && isInteger(b) && a.bits === b.bits && a.signed === b.signed;
}

export function sameExactly(a: BtType, b: BtType): boolean {
  if (a.kind !== b.kind) return false;
  if (isInteger(a) && isInteger(b)) return a.bits === b.bits && a.signed === b.signed;
  if (a.kind === 'record' && b.kind === 'record') return sameStruct(a.struct, b.struct);
  if (isPointer(a) && isPointer(b)) return samePointee(a.to(), b.to());
  if (a.kind === 'array' && b.kind === 'array') return a.length === b.length && sameExactly(a.of(), b.of());
  return sizeOf(a) === sizeOf(b);
}

/** Whether a value of one type can stand in the place of another before tuples were joined element by element. */
export function fitsInto(type: BtType, place: BtType, exact: boolean): boolean {
  if (isInteger(type) && isInteger(place)) return exact ? sameIntegers(type, place) : type.signed === place.signed ? type.bits <= place.bits : !type.signed && type.bits < place.bits;
  if (type.kind === 'tuple' && place.kind === 'tuple') return type.elements.length === place.elements.length && type.elements.every((e, i) => fitsInto(e, place.elements[i] ?? e, exact));
  return type.kind === place.kind;
}

/** Whether an integer type can hold a value. */
export function holds(type: BtType, value: bigint): boolean {
  if (!isInteger(type)) return false;
  const bits = BigInt(type.bits);
  return type.signed ? value >= -(1n << (bits - 1n)) && value < 1n << (bits - 1n) : value >= 0n && value < 1n << bits;
}

/**
 * What holds both: wider integers, longer strings, element by element for tuples. `a` came first and decides the rest.
 * Call it only for the same kind.
 */
export function join(a: BtType, b: BtType): BtType {
  if (isInteger(a) && isInteger(b)) return joinIntegers(a, b);
  if ((a.kind === 'string' && b.kind === 'string') || (a.kind === 'buffer' && b.kind === 'buffer')) return b.size > a.size ? b : a;
  if (a.kind === 'tuple' && b.kind === 'tuple') return joinTuples(a, b);
  if (a.kind === 'aggregation' && b.kind === 'aggregation') return !a.signed && b.signed ? b : a;
  return a;
}

/**
 * As `join`, for a value that is known beforehand or that follows such values: a literal takes the type of what it
 * meets, so `@a = 0; @a = nsecs` holds a uint64. Also gives the bounds of the literals while there is nothing else.
 */
export function joinKnown(has: BtType, literals: Bounds | undefined, type: BtType, literal: bigint | undefined): { readonly type: BtType; readonly literals: Bounds | undefined } {
  if (literal !== undefined && holds(has, literal)) return { type: has, literals: literals && [min(literals[0], literal), max(literals[1], literal)] };
  if (literal === undefined && literals && isInteger(type) && holds(type, literals[0]) && holds(type, literals[1])) return { type, literals: undefined };
  return { type: join(has, type), literals: literal === undefined || !literals ? undefined : [min(literals[0], literal), max(literals[1], literal)] };
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

function joinIntegers(a: Extract<BtType, { kind: 'integer' }>, b: Extract<BtType, { kind: 'integer' }>): BtType {
  if (a.bits === b.bits && a.signed === b.signed) return a;
  if (a.signed === b.signed) return a.bits >= b.bits ? a : b;
  const [signed, plain] = a.signed ? [a, b] : [b, a];
  if (signed.bits > plain.bits) return signed;
  const bits = Math.min(64, plain.bits * 2) as 16 | 32 | 64;
  // The same object when nothing changes: passes end when types stay.
  if (signed.bits === bits) return signed;
  return { kind: 'integer', bits, signed: true };
}

function joinTuples(a: Extract<BtType, { kind: 'tuple' }>, b: Extract<BtType, { kind: 'tuple' }>): BtType {
  const elements = a.elements.map((e, i) => {
    const other = b.elements[a.names ? (b.names?.indexOf(a.names[i] ?? '') ?? -1) : i];
    return other ? join(e, other) : e;
  });
  return elements.every((e, i) => e === a.elements[i]) ? a : { ...a, elements };
}
