import type { Expr } from '../../syntax/ast.ts';
import { bare } from '../../syntax/walk.ts';
import type { BtType } from '../types.ts';
import type { State } from './state.ts';

export type Literal = bigint | string | boolean;

/** Stands for sizes and offsets, which are positive and small. */
const SOME_SIZE = 8n;

/** Deepest constant expression that is worked out. */
const MAX_DEPTH = 64;

/**
 * The value of a literal. Newer versions work constant expressions out before they ask for a literal; older ones take
 * a single literal with a sign.
 */
export function literalOf(state: State, expr: Expr, depth = 0): Literal | undefined {
  const at = bare(expr);
  if (depth > MAX_DEPTH) return undefined;
  switch (at.kind) {
    case 'integer':
    case 'bool':
    case 'string':
      return at.value;
    case 'identifier': {
      const argument = state.expansions.at(-1)?.args.get(at.name);
      if (argument) return literalOf(state, argument.expr, depth + 1);
      const text = state.types.define(at.name);
      return text === undefined ? undefined : literalText(text);
    }
    case 'sizeof':
    case 'offsetof':
      // Known beforehand; which number it is matters to nobody here.
      return state.rules.modern ? SOME_SIZE : undefined;
    case 'unary': {
      const value = literalOf(state, at.operand, depth + 1);
      if (at.op === '-' && typeof value === 'bigint') return -value;
      return state.rules.modern ? foldUnary(at.op, value) : undefined;
    }
    case 'binary': {
      if (!state.rules.modern) return undefined;
      const left = literalOf(state, at.left, depth + 1);
      const right = left === undefined ? undefined : literalOf(state, at.right, depth + 1);
      return left === undefined || right === undefined ? undefined : foldBinary(at.op, left, right);
    }
    default:
      return undefined;
  }
}

function literalText(text: string): Literal | undefined {
  const word = text.trim().replace(/^\((.*)\)$/, '$1').trim();
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(word);
  if (quoted) return quoted[1] ?? '';
  const number = /^(-?)(0[xX][\da-fA-F]+|\d+)[uUlL]*$/.exec(word);
  return number ? BigInt(number[2] ?? '0') * (number[1] === '-' ? -1n : 1n) : undefined;
}

function foldUnary(op: string, value: Literal | undefined): Literal | undefined {
  if (op === '!') return value === undefined ? undefined : typeof value === 'string' ? undefined : !value;
  if (op === '~' && typeof value === 'bigint') return BigInt.asUintN(64, ~value);
  return undefined;
}

function foldBinary(op: string, left: Literal, right: Literal): Literal | undefined {
  if (typeof left === 'string' && typeof right === 'string') return foldTexts(op, left, right);
  // A text and a number are neither compared nor taken together.
  if (typeof left !== 'boolean' && typeof right !== 'boolean' && typeof left !== typeof right) return undefined;
  if (typeof left !== 'bigint' || typeof right !== 'bigint') return op === '&&' ? Boolean(left) && Boolean(right) : op === '||' ? Boolean(left) || Boolean(right) : undefined;
  switch (op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0n ? undefined : left / right;
    case '%':
      return right === 0n ? undefined : left % right;
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '<<':
      return right >= 0n && right < 64n ? BigInt.asIntN(64, left << right) : undefined;
    case '>>':
      return right >= 0n && right < 64n ? left >> right : undefined;
    default:
      return foldComparison(op, left, right);
  }
}

/** Texts known beforehand are put together and ordered; those that only the running program knows are not. */
function foldTexts(op: string, left: string, right: string): Literal | undefined {
  switch (op) {
    case '+':
      return left + right;
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
    case '&&':
      return left !== '' && right !== '';
    case '||':
      return left !== '' || right !== '';
    default:
      return undefined;
  }
}

function foldComparison(op: string, left: bigint, right: bigint): boolean | undefined {
  switch (op) {
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '&&':
      return left !== 0n && right !== 0n;
    case '||':
      return left !== 0n || right !== 0n;
    default:
      return undefined;
  }
}

const MAX_INT64 = 0x7fff_ffff_ffff_ffffn;

/** A literal that no signed integer holds cannot take the type of one; other values are converted with a warning. */
export function exceeds(state: State, type: BtType | undefined, literal: bigint | undefined): boolean {
  return state.rules.modern && literal !== undefined && literal > MAX_INT64 && type?.kind === 'integer' && type.signed;
}

export function isTooLarge(state: State, expr: Expr | undefined, type: BtType | undefined): boolean {
  const value = expr ? literalOf(state, expr) : undefined;
  return exceeds(state, type, typeof value === 'bigint' ? value : undefined);
}

/** Stands for a value bpftrace knows before the program runs, whatever it is. */
export function isLiteral(state: State, expr: Expr): boolean {
  const at = bare(expr);
  if (at.kind === 'positional') return true;
  if (at.kind === 'call') return at.callee.text === 'str' && at.args.length === 1 && at.args[0] !== undefined && bare(at.args[0]).kind === 'positional';
  return literalOf(state, at) !== undefined;
}

/** The type of an integer literal: as narrow as its value since types are resolved in a pass of their own, 64 bits before. */
export function literalType(state: State, value: bigint): BtType {
  if (!state.rules.modern) return { kind: 'integer', bits: 64, signed: value <= 0x7fff_ffff_ffff_ffffn };
  for (const bits of [8, 16, 32, 64] as const) {
    const half = 1n << BigInt(bits - 1);
    if (value >= -half && value < half) return { kind: 'integer', bits, signed: true };
  }
  return { kind: 'integer', bits: 64, signed: false };
}

/** The type of a text known beforehand. */
export function textType(value: string): Extract<BtType, { kind: 'string' }> {
  return { kind: 'string', size: textSize(value) };
}

/** Bytes a text takes, the closing NUL included. */
function textSize(text: string): number {
  let bytes = text.length + 1;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code > 0x7f) bytes += code > 0xffff ? 2 : code > 0x7ff ? 2 : 1;
  }
  return bytes;
}
