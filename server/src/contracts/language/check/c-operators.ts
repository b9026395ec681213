import { isInteger, isPointer } from '../../../language/bpftrace/analysis/check/relations.ts';
import { fault } from '../../../language/bpftrace/analysis/check/state.ts';
import { say } from '../../../language/bpftrace/analysis/check/words.ts';
import { int64, unknown, type BtType } from '../../../language/bpftrace/analysis/types.ts';
import type { Integer } from '../../../language/bpftrace/syntax/ast.ts';
import type { Binary, Index, Unary } from '../ast.ts';
import type { Checker } from './checker.ts';

type IntegerType = Extract<BtType, { kind: 'integer' }>;

const integer = (bits: 32 | 64, signed: boolean): IntegerType => ({ kind: 'integer', bits, signed });
const COMPARISON = /^(?:==|!=|<=?|>=?)$/;

/** C's type of a number: `int` where it fits, unsigned ones by suffix or when written in another base than ten. */
export function cLiteral({ text, value, suffix = '' }: Integer): BtType {
  const unsigned = /u/i.test(suffix);
  const long = /l/i.test(suffix);
  const based = /^0./.test(text);
  const fits = (bits: bigint, signed: boolean): boolean => value < 1n << (signed ? bits - 1n : bits);
  for (const bits of long ? ([64] as const) : ([32, 64] as const)) {
    if (!unsigned && fits(BigInt(bits), true)) return integer(bits, true);
    if ((unsigned || based) && fits(BigInt(bits), false)) return integer(bits, false);
  }
  return integer(64, false);
}

/** Numbers narrower than int are ints in C as soon as anything is done with them. */
function promoted(type: BtType): IntegerType | undefined {
  if (type.kind === 'bool') return integer(32, true);
  return isInteger(type) ? (type.bits < 32 ? integer(32, true) : integer(type.bits === 64 ? 64 : 32, type.signed)) : undefined;
}

/** C's usual arithmetic conversions. */
function common(left: IntegerType, right: IntegerType): BtType {
  if (left.signed === right.signed) return left.bits >= right.bits ? left : right;
  const [signed, unsigned] = left.signed ? [left, right] : [right, left];
  return unsigned.bits >= signed.bits ? unsigned : signed;
}

export function cBinary({ state, visit }: Checker, node: Binary): BtType {
  const left = visit(node.left);
  const right = visit(node.right);
  const compares = COMPARISON.test(node.op);
  for (const [type, operand] of [[left, node.left], [right, node.right]] as const) {
    if (type.kind !== 'record' && type.kind !== 'void') continue;
    fault(state, 'type-mismatch', operand, `${node.op} cannot be used on ${say(type)}.${type.kind === 'record' ? ' Name one of its fields.' : ''}`);
    return compares ? { kind: 'bool' } : unknown;
  }
  if (compares) return { kind: 'bool' };
  if (isPointer(left) && isPointer(right)) return node.op === '-' ? int64 : unknown;
  if (isPointer(left)) return node.op === '+' || node.op === '-' ? left : unknown;
  if (isPointer(right)) return node.op === '+' ? right : unknown;
  const [a, b] = [promoted(left), promoted(right)];
  if (!a || !b) return unknown;
  return node.op === '<<' || node.op === '>>' ? a : common(a, b);
}

export function cUnary({ state, visit }: Checker, node: Unary): BtType {
  const type = visit(node.operand);
  if (node.op === '&') return type.kind === 'unknown' ? unknown : { kind: 'pointer', to: () => type, space: 'kernel' };
  if (node.op !== '*') return promoted(type) ?? unknown;
  if (isPointer(type)) return type.to().kind === 'void' ? unknown : type.to();
  if (isInteger(type)) fault(state, 'type-mismatch', node, `* needs a pointer; this is ${say(type)}. Cast it first: *(__u32 *)….`);
  return unknown;
}

export function cIndex({ state, visit }: Checker, node: Index): BtType {
  const object = visit(node.object);
  visit(node.index);
  if (object.kind === 'array') return object.of();
  if (isPointer(object)) return object.to();
  if (object.kind === 'string') return { kind: 'integer', bits: 8, signed: true };
  if (isInteger(object) || object.kind === 'record') fault(state, 'type-mismatch', node, `Only arrays, pointers and maps have elements; this is ${say(object)}.`);
  return unknown;
}
