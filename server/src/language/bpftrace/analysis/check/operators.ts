import type { Binary, Expr, Ternary, Unary, Update } from '../../syntax/ast.ts';
import { describeType, int64, uint64, unknown, type BtType } from '../types.ts';
import { bare } from '../../syntax/walk.ts';
import { literalOf, literalType, textType } from './literals.ts';
import { isCountable, isInteger, isPointer, isSigned, isUnknown, join, sameExactly, sameKind } from './relations.ts';
import { fault, textOf, warn, type State } from './state.ts';
import { say, sayExactly } from './words.ts';

const COMPARISONS = new Set(['==', '!=', '<', '>', '<=', '>=']);
const LOGICAL = new Set(['&&', '||']);

const bool: BtType = { kind: 'bool' };
const integer64 = (signed: boolean): BtType => (signed ? int64 : uint64);

export function typeOfBinary(state: State, expr: Binary): BtType {
  const left = state.visit(expr.left);
  const right = state.visit(expr.right);
  const { modern } = state.rules;
  const compares = COMPARISONS.has(expr.op);
  const result = modern && (compares || LOGICAL.has(expr.op)) ? bool : undefined;
  if (isUnknown(left) || isUnknown(right)) return result ?? withUnknown(expr, left, right);
  if (modern) {
    const value = literalOf(state, expr);
    if (typeof value === 'bigint') return literalType(state, value);
    if (typeof value === 'string') return textType(value);
    if (value !== undefined) return bool;
    if (cannotFold(state, expr)) return unknown;
    const tail = expr.op === '+' ? tailOfText(state, expr, left, right) : undefined;
    if (tail) return tail;
  }
  if (isPointer(left) || isPointer(right)) {
    const type = pointerOperation(state, expr, left, right);
    return result ?? type;
  }
  if (isNumber(state, left) && isNumber(state, right)) return result ?? integer64(resultSigned(state, expr, left, right));
  if (left.kind === 'array' && right.kind === 'array') arrays(state, expr, left, right);
  else if (!sameKind(left, right, state.rules) && !(left.kind === right.kind && !modern)) mismatch(state, expr, left, right);
  else if (expr.op !== '==' && expr.op !== '!=') cannotUse(state, expr, left, right);
  return result ?? integer64(resultSigned(state, expr, left, right));
}

/** The text from a byte on: `"abc" + 1`, both known beforehand. */
function tailOfText(state: State, expr: Binary, left: BtType, right: BtType): BtType | undefined {
  const [a, b] = [literalOf(state, expr.left), literalOf(state, expr.right)];
  if (typeof a === 'string' && typeof b === 'bigint') return left;
  return typeof a === 'bigint' && typeof b === 'string' ? right : undefined;
}

/** A map that has no type yet counts as an integer, so that `@a = @a + 1` gives it one. */
function withUnknown(expr: Binary, left: BtType, right: BtType): BtType {
  if (COMPARISONS.has(expr.op) || LOGICAL.has(expr.op)) return int64;
  const other = left.kind === 'none' ? right : left;
  const unresolved = left.kind === 'none' || right.kind === 'none';
  return isPointer(other) ? other : unresolved && other.kind !== 'unknown' ? int64 : unknown;
}

function isNumber(state: State, type: BtType): boolean {
  return isInteger(type) || (type.kind === 'bool' && state.rules.modern) || (state.rules.readsAggregations && isCountable(type));
}

/**
 * Shifts keep the sign of what is shifted; old versions need both sides signed for a signed result. Measured with 0.27.1: differences are always
 * signed, all else is when one side is, and a literal that is not below 0 takes the type of the other side.
 */
function resultSigned(state: State, { op, left: a, right: b }: Binary, left: BtType, right: BtType): boolean {
  if (!state.rules.modern) return op === '<<' || op === '>>' ? isSigned(left) : isSigned(left) && isSigned(right);
  if (op === '-') return true;
  const adapts = (expr: Expr): boolean => {
    const value = literalOf(state, expr);
    return typeof value === 'bigint' && value >= 0n;
  };
  if (adapts(a)) return isSigned(right);
  return isSigned(left) || (isSigned(right) && !adapts(b));
}

/** Constants are worked out before the program runs, and those that cannot be are mistakes. */
function cannotFold(state: State, expr: Binary): boolean {
  const left = literalOf(state, expr.left);
  const right = literalOf(state, expr.right);
  if (typeof left !== 'bigint' || typeof right !== 'bigint') return false;
  const why = (expr.op === '/' || expr.op === '%') && right === 0n ? 'divides by zero' : (expr.op === '<<' || expr.op === '>>') && (right < 0n || right > 63n) ? 'shifts by more than 63 bits' : undefined;
  if (why === undefined) return false;
  fault(state, 'constant-expression', expr, `This ${why}.`);
  return true;
}

function mismatch(state: State, expr: Binary, left: BtType, right: BtType): void {
  const both = COMPARISONS.has(expr.op) ? 'compared with' : `used with ${say(right)} by ${expr.op}; both must be integers. Here it is`;
  const message = COMPARISONS.has(expr.op) ? `${sentence(say(left))} cannot be ${both} ${say(right)}.` : `${expr.op} cannot be used on ${say(left)} and ${say(right)}.`;
  fault(state, 'type-mismatch', expr, message, {
    evidence: [
      { span: at(state, expr.left), message: `this is ${sayExactly(left)}` },
      { span: at(state, expr.right), message: `this is ${sayExactly(right)}` },
    ],
  });
}

function cannotUse(state: State, expr: Binary, left: BtType, right: BtType): void {
  fault(state, 'type-mismatch', expr, `${expr.op} cannot be used on ${say(left)} and ${say(right)}; only == and != can.`);
}

function at(state: State, node: { readonly start: number; readonly end: number }): { start: number; end: number } {
  return { start: node.start + state.base, end: node.end + state.base };
}

export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function arrays(state: State, expr: Binary, left: Extract<BtType, { kind: 'array' }>, right: Extract<BtType, { kind: 'array' }>): void {
  if (expr.op !== '==' && expr.op !== '!=') fault(state, 'type-mismatch', expr, `${expr.op} cannot be used on arrays; only == and != can.`);
  else if (left.length !== right.length || !isInteger(left.of()) || !sameExactly(left.of(), right.of())) fault(state, 'type-mismatch', expr, `Only arrays of the same length and the same integers can be compared, not ${describeType(left)} with ${describeType(right)}.`);
}

/** As in C: pointers are compared, moved by integers, and nothing else. */
function pointerOperation(state: State, expr: Binary, left: BtType, right: BtType): BtType {
  const pointer = isPointer(left) ? left : right;
  const other = isPointer(left) ? right : left;
  const compares = COMPARISONS.has(expr.op);
  const tests = LOGICAL.has(expr.op) && state.rules.pointerConditions;
  if (isPointer(other)) {
    if (!compares && !tests) cannotUsePointer(state, expr, left, right);
    else if (compares && isPointer(left) && isPointer(right) && !sameExactly(left.to(), right.to())) warn(state, 'distinct-pointers', expr, `These pointers are of different types: ${describeType(left)} and ${describeType(right)}.`);
    return uint64;
  }
  if (isInteger(other) || other.kind === 'bool') {
    if (expr.op === '+' || (expr.op === '-' && isPointer(left))) return pointer;
    if (!compares && !tests) cannotUsePointer(state, expr, left, right);
    return int64;
  }
  cannotUsePointer(state, expr, left, right);
  return unknown;
}

function cannotUsePointer(state: State, expr: Binary, left: BtType, right: BtType): void {
  fault(state, 'type-mismatch', expr, `${expr.op} cannot be used on ${say(left)} and ${say(right)}.`);
}

export function typeOfUnary(state: State, expr: Unary): BtType {
  const type = state.visit(expr.operand);
  if (expr.op === '&') return isUnknown(type) ? unknown : { kind: 'pointer', to: () => type, space: 'kernel' };
  if (isUnknown(type)) return expr.op === '!' && state.rules.modern ? bool : type;
  if (state.rules.modern) {
    const value = literalOf(state, expr);
    if (typeof value === 'bigint') return literalType(state, value);
  }
  if (expr.op === '*') return dereference(state, expr, type);
  const allowed = isInteger(type) || (expr.op === '!' && type.kind === 'bool') || (isCountable(type) && state.rules.readsAggregations);
  if (!allowed) fault(state, 'type-mismatch', expr, `${expr.op} cannot be used on ${say(type)}.`);
  if (expr.op === '!') return state.rules.modern ? bool : isInteger(type) ? { ...uint64, bits: type.bits } as BtType : uint64;
  return integer64(isSigned(type));
}

function dereference(state: State, expr: Unary, type: BtType): BtType {
  if (isPointer(type)) {
    const to = type.to();
    return to.kind === 'void' ? unknown : to;
  }
  if (isInteger(type)) return uint64;
  if (type.kind === 'record' && type.args) return type;
  fault(state, 'type-mismatch', expr, `${sentence(say(type))} is no pointer, so * cannot be used on it.`);
  return unknown;
}

/** `++` and `--`: a map that nobody assigned becomes an integer by them. */
export function typeOfUpdate(state: State, expr: Update, type: BtType): BtType {
  if (expr.operand.kind !== 'variable' && expr.operand.kind !== 'map' && expr.operand.kind !== 'missing') {
    fault(state, 'type-mismatch', expr, `${expr.op} needs a map or a variable; ${textOf(state, expr.operand)} is neither.`);
  } else if (!isUnknown(type) && !isInteger(type) && !isPointer(type)) fault(state, 'type-mismatch', expr, `${expr.op} cannot be used on ${textOf(state, expr.operand)}, which is ${say(type)}.`);
  return isPointer(type) ? type : updated(state, expr, type);
}

/** What `++` and `--` make of an integer: `--` is a difference, which is always signed where types have a pass of their own. */
export function updated(state: State, { op }: Update, type: BtType): BtType {
  return integer64(isSigned(type) || (op === '--' && state.rules.modern));
}

export function typeOfTernary(state: State, expr: Ternary): BtType {
  const condition = state.visit(expr.condition);
  const known = state.rules.modern ? literalOf(state, expr.condition) : undefined;
  if (known !== undefined && expr.then && literalOf(state, expr.then) !== undefined && literalOf(state, expr.otherwise) !== undefined) return state.visit(known ? expr.then : expr.otherwise);
  const then = expr.then ? state.visit(expr.then) : condition;
  const otherwise = state.visit(expr.otherwise);
  requireCondition(state, expr.condition, condition, 'a ternary');
  return joinBranches(state, expr, then, otherwise);
}

/** The type of a value that comes from one of two places. */
export function joinBranches(state: State, expr: Ternary | { readonly start: number; readonly end: number; readonly kind: 'if-expr' }, then: BtType, otherwise: BtType): BtType {
  if (then.kind === 'unknown' || otherwise.kind === 'unknown') return then.kind === 'unknown' ? otherwise : then;
  // `exit()` never returns, and a map may not have a type yet.
  if (then.kind === 'none' || otherwise.kind === 'none') return then.kind === 'none' ? otherwise : then;
  if (then.kind === 'void' && otherwise.kind === 'void') return then;
  if (!branchesFit(state, then, otherwise)) {
    fault(state, 'type-mismatch', expr, `Both branches must give the same type; here one gives ${say(then)}, the other ${say(otherwise)}.`);
    return then;
  }
  if (state.rules.modern) return join(then, otherwise);
  if (isPointer(then) && state.rules.pointerConditions) return then;
  if (then.kind === 'string') return { kind: 'string', size: state.settings.maxStrlen };
  if (isInteger(then)) return integer64(then.signed);
  fault(state, 'type-mismatch', expr, `bpftrace ${state.rules.version.slice(0, 2).join('.')} cannot choose between values of this type (${describeType(then)}): only integers and strings.`);
  return unknown;
}

function branchesFit(state: State, then: BtType, otherwise: BtType): boolean {
  return state.rules.modern ? sameKind(then, otherwise, state.rules) : then.kind === otherwise.kind;
}

/** What `if`, `while`, predicates and ternaries ask must be a number. */
export function requireCondition(state: State, at: Expr, type: BtType, where: string): void {
  if (isUnknown(type) || isInteger(type) || type.kind === 'bool') return;
  // Newer versions work constants out first.
  if (state.rules.modern && literalOf(state, at) !== undefined) return;
  if (isPointer(type) && (state.rules.pointerConditions || where === 'a predicate')) return;
  const hint = type.kind === 'string' ? ' Compare it with something: == "…".' : isPointer(type) ? ' Compare it with 0.' : '';
  fault(state, 'type-mismatch', bare(at), `The condition of ${where} must be an integer; this is ${say(type)}.${hint}`);
}
