import type { BinaryOp } from '../../language/bpftrace/syntax/ast.ts';
import { apply, bits, not, type IrExpr, type IrOp } from '../ir/ir.ts';
import { NoMeaning } from './no-meaning.ts';
import { choose, int, resize, sayValue, stride, toBits, toTruth, widthOfType, type Bits, type Value } from './values.ts';

/**
 * bpftrace's operators on integers, as measured with 0.17.0 and 0.27.1: all of them work in 64 bits; division and shifts to the right take
 * their operands for unsigned. A difference is signed in newer versions, whatever it is of. `modern`: types are resolved in a pass of their own (0.25 and later).
 */
export interface Arithmetic {
  readonly modern: boolean;
}

const COMPARISONS = new Set(['==', '!=', '<', '>', '<=', '>=']);

export function binary(op: BinaryOp, left: Value, right: Value, rules: Arithmetic): Value {
  if (COMPARISONS.has(op)) return { kind: 'truth', ir: compare(op, left, right, rules) };
  if (op === '&&' || op === '||') return { kind: 'truth', ir: apply(op === '&&' ? 'conj' : 'disj', 'bool', toTruth(left), toTruth(right)) };
  if (isAddress(left) || isAddress(right)) return moved(op, left, right);
  const known = folded(op, left, right, rules);
  if (known !== undefined) return { ...int(bits(known, 64), 64, true), literal: known };
  const value = int(arithmetic(op, toBits(left, 64), toBits(right, 64), rules), 64, signedResult(op, left, right, rules));
  return value;
}

const isAddress = (value: Value): value is Bits => value.kind === 'bits' && value.type.kind === 'pointer';
const isText = (value: Value): boolean => value.kind === 'bits' && value.type.kind === 'string';
const signed = (value: Value): boolean => value.kind === 'bits' && value.signed;
/** A number that is not below 0 takes the type of what it meets. */
const adapts = (value: Value): boolean => value.kind === 'bits' && value.literal !== undefined && value.literal >= 0n;

function signedTogether(left: Value, right: Value, { modern }: Arithmetic): boolean {
  if (!modern) return (signed(left) || left.kind === 'truth') && (signed(right) || right.kind === 'truth');
  if (adapts(left) && !adapts(right)) return signed(right);
  if (adapts(right) && !adapts(left)) return signed(left);
  return signed(left) || signed(right);
}

function signedResult(op: BinaryOp, left: Value, right: Value, rules: Arithmetic): boolean {
  if (!rules.modern && (op === '<<' || op === '>>')) return signed(left);
  return (rules.modern && op === '-') || signedTogether(left, right, rules);
}

function compare(op: string, left: Value, right: Value, rules: Arithmetic): IrExpr {
  if (op === '!=') return not(compare('==', left, right, rules));
  if (left.kind === 'tuple' && right.kind === 'tuple') return apply('conj', 'bool', ...left.elements.map((element, i) => compare('==', element, right.elements[i] ?? { kind: 'nothing' }, rules)));
  if (left.kind === 'truth' && right.kind === 'truth' && op === '==') return apply('eq', 'bool', left.ir, right.ir);
  const width = wider(left, right);
  const [a, b] = [toBits(left, width), toBits(right, width)];
  if (op === '==') return apply('eq', 'bool', a, b);
  if (isText(left) || isText(right)) throw new NoMeaning('strings are only compared with == and !=');
  const order = (name: 'lt' | 'le', x: IrExpr, y: IrExpr): IrExpr => apply(`${signedTogether(left, right, rules) ? 's' : 'u'}${name}`, 'bool', x, y);
  return op === '<' ? order('lt', a, b) : op === '<=' ? order('le', a, b) : op === '>' ? order('lt', b, a) : order('le', b, a);
}

/** Values wider than 64 bits are addresses and arrays. */
function wider(left: Value, right: Value): number {
  const of = (value: Value): number => (value.kind === 'bits' ? value.bits : value.kind === 'vector' ? value.length * widthOfType(value.element) : 64);
  return Math.max(64, of(left), of(right));
}

/** As in C: an integer moves a pointer by whole elements. */
function moved(op: BinaryOp, left: Value, right: Value): Value {
  const [pointer, by] = isAddress(left) ? [left, right] : [right as Bits, left];
  if (isAddress(by) || (op !== '+' && op !== '-')) return int(arithmetic(op, toBits(left, 64), toBits(right, 64), { modern: true }), 64, false);
  const step = stride(pointer.type);
  const distance = step === 1n ? toBits(by, 64) : apply('mul', 64, toBits(by, 64), bits(step, 64));
  return { ...pointer, ir: apply(op === '+' ? 'add' : 'sub', 64, pointer.ir, distance) };
}

/** Newer versions compute with constants beforehand, where a division is signed. */
function folded(op: BinaryOp, left: Value, right: Value, { modern }: Arithmetic): bigint | undefined {
  if (left.kind !== 'bits' || right.kind !== 'bits' || left.literal === undefined || right.literal === undefined || !modern) return undefined;
  const [a, b] = [left.literal, right.literal];
  const whole = { '+': a + b, '-': a - b, '*': a * b, '&': a & b, '|': a | b, '^': a ^ b };
  if (op in whole) return whole[op as keyof typeof whole];
  if ((op === '/' || op === '%') && b !== 0n) return op === '/' ? a / b : a % b;
  return (op === '<<' || op === '>>') && b >= 0n && b < 64n ? BigInt.asIntN(64, op === '<<' ? a << b : a >> b) : undefined;
}

const PLAIN: Readonly<Partial<Record<BinaryOp, IrOp>>> = { '+': 'add', '-': 'sub', '*': 'mul', '&': 'and', '|': 'or', '^': 'xor' };

function arithmetic(op: BinaryOp, a: IrExpr, b: IrExpr, { modern }: Arithmetic): IrExpr {
  const plain = PLAIN[op];
  if (plain) return apply(plain, 64, a, b);
  // The machine looks at the lowest bits of a distance only.
  if (op === '<<' || op === '>>') return apply(op === '<<' ? 'shl' : 'lshr', 64, a, b.kind === 'const' ? bits(b.value & 63n, 64) : apply('and', 64, b, bits(63, 64)));
  if (op !== '/' && op !== '%') throw new NoMeaning(`${op} is not understood`);
  const zero = apply('eq', 'bool', b, bits(0, 64));
  const result = apply(op === '/' ? 'udiv' : 'urem', 64, a, b);
  if (b.kind === 'const' && b.value !== 0n) return result;
  // Newer versions go on with 1 and report an error; the machine's own division gives 0, its remainder what is divided.
  return choose(zero, modern ? bits(1, 64) : op === '/' ? bits(0, 64) : a, result, 64);
}

export function unary(op: '-' | '~' | '+' | '!', value: Value, rules: Arithmetic): Value {
  if (op === '!') return { kind: 'truth', ir: not(toTruth(value)) };
  if (op === '+') return value;
  if (op === '-' && value.kind === 'bits' && value.literal !== undefined) return { ...int(bits(-value.literal, 64), 64, true), literal: -value.literal };
  if (op === '~' && value.kind === 'bits' && value.literal !== undefined && rules.modern) return { ...int(bits(~value.literal, 64), 64, false), literal: BigInt.asUintN(64, ~value.literal) };
  // Newer versions compute it in the operand's own type.
  if (value.kind === 'bits' && rules.modern) return int(apply(op === '-' ? 'neg' : 'not', value.bits, value.ir), value.bits, value.signed);
  return int(apply(op === '-' ? 'neg' : 'not', 64, toBits(value, 64)), 64, signed(value));
}

/** The bytes in the opposite order. */
export function swapped(ir: IrExpr, width: number): IrExpr {
  if (width <= 8) return ir;
  const bytes = Array.from({ length: width / 8 }, (_, i): IrExpr => ({ kind: 'apply', op: 'extract', width: 8, args: [ir], low: i * 8 }));
  return apply('concat', width, ...bytes);
}

export function castInteger(value: Value, width: number, isSigned: boolean): Bits {
  if (value.kind === 'bits') return { ...int(resize(value.ir, value.bits, width, value.signed), width, isSigned) };
  if (value.kind === 'truth' || value.kind === 'vector') return int(toBits(value, width), width, isSigned);
  throw new NoMeaning(`${sayValue(value)} is cast to an integer`);
}
