import type { Cast } from '../../syntax/ast.ts';
import { sizeOf } from '../ctypes/convert.ts';
import { describeType, unknown, type BtType } from '../types.ts';
import { literalOf } from './literals.ts';
import { isCountable, isInteger, isPointer, isUnknown } from './relations.ts';
import { early, fault, warn, type State } from './state.ts';
import { typeOfRef } from './type-refs.ts';
import { say } from './words.ts';

export function typeOfCast(state: State, expr: Cast): BtType {
  const from = state.visit(expr.operand);
  let to = typeOfRef(state, expr.type);
  if (from.kind === 'none') early(state, 'type-mismatch', expr);
  if (isUnknown(to) || isUnknown(from)) return to;
  to = withLength(to, from);
  const space = spaceOf(state, from);
  if (to.kind === 'pointer') to = { ...to, space };
  const why = from.kind === 'record' ? fromStruct(from) : (toWhat(state, to) ?? between(state, expr, from, to));
  if (why !== undefined) fault(state, 'type-mismatch', expr, why);
  else if (state.rules.modern && sameAlready(from, to)) warn(state, 'unnecessary-cast', expr, `This is ${describeType(to)} without the cast, too.`, { repairs: [{ title: 'Remove the cast', sure: false, edits: [{ span: { start: state.base + expr.type.start - 1, end: state.base + expr.operand.start }, newText: '' }] }] });
  return why === undefined ? to : to.kind === 'record' ? unknown : to;
}

/** A cast keeps where an address leads; a plain number leads to where the probe's own addresses do. */
function spaceOf(state: State, from: BtType): 'kernel' | 'user' | 'any' {
  return (from.kind === 'pointer' || from.kind === 'record') && from.space !== 'any' ? from.space : state.place.space;
}

/** `(int8[])x` takes its length from what is cast. */
function withLength(to: BtType, from: BtType): BtType {
  if (to.kind !== 'array' || to.length !== 0) return to;
  const size = sizeOf(to.of());
  return size > 0 ? { ...to, length: Math.floor(sizeOf(from) / size) } : to;
}

function sameAlready(from: BtType, to: BtType): boolean {
  return isPointer(from) && isPointer(to) && describeType(from) === describeType(to);
}

function fromStruct(from: BtType): string {
  return `${describeType(from)} is a whole struct and cannot be cast. Cast a pointer to it.`;
}

function toWhat(state: State, to: BtType): string | undefined {
  if (isInteger(to) || isPointer(to)) return undefined;
  if (state.rules.modern && (to.kind === 'bool' || to.kind === 'string')) return undefined;
  if (to.kind === 'array' && (isInteger(to.of()) || to.of().kind === 'bool')) return undefined;
  if (to.kind === 'record') return `Nothing can be cast to a whole ${describeType(to)}; cast to a pointer: ${describeType(to)} *.`;
  return `Nothing can be cast to ${describeType(to)}.`;
}

function between(state: State, expr: Cast, from: BtType, to: BtType): string | undefined {
  const { modern } = state.rules;
  const no = `${say(from)} cannot be cast to ${describeType(to)}.`;
  if (to.kind === 'string') return from.kind === 'string' && (to.size === 0 || to.size >= from.size) ? undefined : no;
  if (to.kind === 'array') return arrayCast(state, from, to) ? undefined : no;
  if (from.kind === 'array') return (isPointer(to) && !modern) || (isInteger(to) && sizeOf(from) === sizeOf(to)) ? undefined : no;
  if (isInteger(to) && to.of && modern) {
    const value = literalOf(state, expr.operand);
    if (typeof value === 'bigint' && !to.of.values().some((v) => v.value === value)) return `enum ${to.of.name} has no member with the value ${value}.`;
  }
  if (isInteger(from) || isPointer(from) || isCountable(from) || from.kind === 'bool') return undefined;
  if (isPointer(to)) return undefined;
  return no;
}

function arrayCast(state: State, from: BtType, to: Extract<BtType, { kind: 'array' }>): boolean {
  const size = sizeOf(to);
  if (isInteger(from)) return size === sizeOf(from) || (state.rules.modern && size <= 8 && size > sizeOf(from));
  return state.rules.modern && (from.kind === 'bool' || from.kind === 'string') && size === sizeOf(from);
}
