import type { Assign, Block, Expr, ExprStmt, For, If, IfExpr, Jump, Let, Stmt } from '../../syntax/ast.ts';
import { none, unknown, type BtType } from '../types.ts';
import { bare } from '../../syntax/walk.ts';
import { typeOfCall } from './calls.ts';
import { literalOf } from './literals.ts';
import { checkBounds } from './bounds.ts';
import { assignMap, joinElement, mapName, readMap } from './maps.ts';
import { joinBranches, requireCondition, typeOfBinary } from './operators.ts';
import { isCountable, isInteger, isUnknown } from './relations.ts';
import { fault, mapState, replacement, textOf, warn, type State } from './state.ts';
import { typeOfRef } from './type-refs.ts';
import { assignVariable, declareVariable, setVariable } from './variables.ts';
import { say } from './words.ts';

export function checkBlock(state: State, block: Block): void {
  let ended = false;
  for (const [i, statement] of block.statements.entries()) {
    takenAsPostfix(state, block.statements[i - 1], statement);
    if (ended && statement.kind !== 'bad') {
      warn(state, 'unreachable-code', statement, 'This is never reached.');
      ended = false;
    }
    checkStatement(state, statement);
    if (statement.kind === 'jump') ended = true;
  }
}

/** Since `if` and blocks are expressions, `if (…) { } ++@x` is read as `(if (…) { })++`. */
function takenAsPostfix(state: State, before: Stmt | undefined, statement: Stmt): void {
  if (!state.rules.modern || (before?.kind !== 'if' && before?.kind !== 'block') || statement.kind !== 'expr-stmt') return;
  const { expr } = statement;
  if (expr.kind !== 'update' || !expr.prefix) return;
  const target = textOf(state, expr.operand);
  fault(state, 'syntax-error', expr, `Right behind a closing brace ${expr.op} is taken as belonging to what stands before it. Write ${target}${expr.op}.`, { repairs: [replacement(state, expr, `${target}${expr.op}`)] });
}

/** A block as a value: that of its last expression, when no semicolon stands behind it. */
export function blockValue(state: State, block: Block): BtType {
  const last = block.statements.at(-1);
  if (last?.kind !== 'expr-stmt' || last.terminated) {
    checkBlock(state, block);
    return { kind: 'void' };
  }
  checkBlock(state, { ...block, statements: block.statements.slice(0, -1) });
  return state.visit(last.expr);
}

export function typeOfIfExpr(state: State, expr: IfExpr): BtType {
  requireCondition(state, expr.condition, state.visit(expr.condition), 'if');
  const then = blockValue(state, expr.then);
  if (!expr.otherwise) return then;
  const otherwise = expr.otherwise.kind === 'block' ? blockValue(state, expr.otherwise) : typeOfIfExpr(state, expr.otherwise);
  return joinBranches(state, expr, then, otherwise);
}

function checkStatement(state: State, statement: Stmt): void {
  switch (statement.kind) {
    case 'expr-stmt':
      return checkExpression(state, statement);
    case 'assign':
      return checkAssign(state, statement);
    case 'let':
      return checkLet(state, statement);
    case 'if':
      return checkIf(state, statement);
    case 'while':
      requireCondition(state, statement.condition, state.visit(statement.condition), 'while');
      return inLoop(state, statement.body);
    case 'unroll':
      return checkUnroll(state, statement.count, statement.body);
    case 'for':
      return checkFor(state, statement);
    case 'jump':
      return checkJump(state, statement);
    case 'block':
      return checkBlock(state, statement);
    case 'bad':
      for (const expr of statement.exprs) state.visit(expr);
  }
}

function inLoop(state: State, body: Block): void {
  state.loops++;
  checkBlock(state, body);
  state.loops--;
}

function checkExpression(state: State, statement: ExprStmt): void {
  const type = state.visit(statement.expr);
  const at = bare(statement.expr);
  const says = type.kind !== 'void' && !isUnknown(type) && at.kind !== 'update' && at.kind !== 'missing';
  // A block's last expression is its value, even where nobody asks for it; `delete` gained its value late, and nobody misses it.
  const deletes = at.kind === 'call' && at.callee.text === 'delete';
  if (state.rules.modern && says && statement.terminated && !deletes) warn(state, 'discarded-value', statement.expr, `The value of ${textOf(state, at)} is not used.`);
}

function checkIf(state: State, statement: If): void {
  requireCondition(state, statement.condition, state.visit(statement.condition), 'if');
  const condition = bare(statement.condition);
  const known = statement.comptime || condition.kind === 'comptime' ? literalOf(state, condition.kind === 'comptime' ? condition.operand : condition) : undefined;
  if (known !== undefined && !known) {
    if (statement.otherwise?.kind === 'block') checkBlock(state, statement.otherwise);
    else if (statement.otherwise) checkIf(state, statement.otherwise);
    return;
  }
  checkBlock(state, statement.then);
  if (!statement.otherwise || known) return;
  if (statement.otherwise.kind === 'block') checkBlock(state, statement.otherwise);
  else checkIf(state, statement.otherwise);
}

function checkAssign(state: State, statement: Assign): void {
  const target = bare(statement.target);
  const value = valueOf(state, statement, target);
  if (target.kind === 'map') {
    const before = peek(state, target);
    joinElement(state, target);
    const type = assignable(state, statement, value, before, 'map');
    if (type) assignMap(state, target, type, statement, literalFor(state, statement));
    state.found.types.set(statement.target, peek(state, target) ?? unknown);
  } else if (target.kind === 'variable') {
    const type = assignable(state, statement, value, undefined, 'variable');
    if (type) assignVariable(state, target, type, statement, literalFor(state, statement));
    state.visit(target);
  } else if (target.kind !== 'missing' && !(target.kind === 'identifier' && target.name === '_')) {
    state.visit(target);
    fault(state, 'not-assignable', target, `Only maps and variables can be assigned to; ${textOf(state, target)} is neither.`);
  }
}

function valueOf(state: State, statement: Assign, target: Expr): BtType {
  if (statement.op !== '=') return typeOfBinary(state, { kind: 'binary', op: statement.op.slice(0, -1) as '+', opSpan: statement.opSpan, left: statement.target, right: statement.value, start: statement.start, end: statement.value.end });
  const at = bare(statement.value);
  if (target.kind !== 'map' || at.kind !== 'call') return state.visit(statement.value);
  const type = typeOfCall(state, at, 'assigned-to-map');
  checkBounds(state, target, at);
  state.found.types.set(at, type);
  if (at !== statement.value) state.found.types.set(statement.value, type);
  return type;
}

/** The value, when it is an integer known beforehand: it takes the type of where it goes. */
function literalFor(state: State, statement: Assign | Let): bigint | undefined {
  const value = statement.value && (statement.kind === 'let' || statement.op === '=') ? literalOf(state, statement.value) : undefined;
  return typeof value === 'bigint' ? value : undefined;
}

/** What a map holds, without relying on it. */
function peek(state: State, map: Extract<Expr, { kind: 'map' }>): BtType | undefined {
  const name = mapName(state, map);
  return name === undefined ? undefined : mapState(state, name).value;
}

/** The type that arrives in the target, or undefined with a report when such a value cannot be stored. */
function assignable(state: State, statement: Assign | Let, type: BtType, before: BtType | undefined, target: 'map' | 'variable'): BtType | undefined {
  const value = statement.value ? bare(statement.value) : undefined;
  const direct = value?.kind === 'call' && type.kind === 'aggregation';
  if (type.kind === 'void') {
    fault(state, 'type-mismatch', statement.value ?? statement, `${value ? textOf(state, value) : 'This'} gives no value that could be assigned.`);
    return undefined;
  }
  if (type.kind === 'record' && type.args && target === 'map' && !state.rules.modern) {
    fault(state, 'type-mismatch', statement.value ?? statement, 'The arguments of a probe cannot be kept in a map as a whole: keep the fields you need.');
    return undefined;
  }
  if (type.kind === 'pointer' && type.context && target === 'map' && !state.rules.modern) {
    fault(state, 'type-mismatch', statement.value ?? statement, 'The context of a probe cannot be kept in a map.');
    return undefined;
  }
  if (type.kind !== 'aggregation' || direct || !state.rules.readsAggregations) return type;
  return copied(state, statement, type, before, target);
}

/** Copying an aggregation out of its map gives a number, where its kind has one. */
function copied(state: State, statement: Assign | Let, type: Extract<BtType, { kind: 'aggregation' }>, before: BtType | undefined, target: 'map' | 'variable'): BtType | undefined {
  const number: BtType = { kind: 'integer', bits: 64, signed: true };
  if (isCountable(type) && (target === 'variable' || (before && isInteger(before)))) return number;
  const cast = isCountable(type) ? ' Cast it to take its value: (int64)….' : '';
  fault(state, 'type-mismatch', statement.value ?? statement, `${say(type)} cannot be copied ${target === 'map' ? 'to another map' : 'to a variable'}.${cast}`, {
    repairs: isCountable(type) && statement.value ? [{ title: 'Cast to int64', sure: false, edits: [{ span: { start: state.base + statement.value.start, end: state.base + statement.value.start }, newText: '(int64)' }] }] : [],
  });
  return undefined;
}

function checkLet(state: State, statement: Let): void {
  const type = statement.value ? state.visit(statement.value) : undefined;
  if (statement.target.kind === 'map') return;
  const draft = state.names.of.get(statement.target);
  if (statement.type && draft) {
    const declared = typeOfRef(state, statement.type);
    if (declared.kind === 'aggregation' || declared.kind === 'void') fault(state, 'type-mismatch', statement.type, `A variable cannot hold ${say(declared)}.`);
    else if (!isUnknown(declared)) declareVariable(state, draft, declared);
  }
  if (type) {
    const assigned = assignable(state, statement, type, undefined, 'variable');
    if (assigned) assignVariable(state, statement.target, assigned, statement, literalFor(state, statement));
  }
  state.visit(statement.target);
}

function checkUnroll(state: State, count: Expr, body: Block): void {
  const type = state.visit(count);
  const value = literalOf(state, count);
  if (value === undefined && bare(count).kind !== 'positional') fault(state, 'wrong-arguments', bare(count), `The number of rounds of unroll must be known beforehand; ${textOf(state, count)} is ${say(type)} that is not.`);
  else if (typeof value === 'bigint' && (value < 1n || value > 100n)) fault(state, 'wrong-arguments', bare(count), `unroll repeats 1 to 100 times, not ${value}.`);
  // `break` and `continue` mean nothing here: the body is only repeated.
  checkBlock(state, body);
}

function checkFor(state: State, statement: For): void {
  const over = bare(statement.over);
  if (statement.to) rangeLoop(state, statement, statement.to);
  else if (over.kind === 'map' && !over.keys) mapLoop(state, statement, over);
  else if (over.kind !== 'missing') fault(state, 'type-mismatch', statement.over, `for goes over a whole map or a range of numbers (0..10); ${textOf(state, over)} is neither.`);
  state.visit(statement.variable);
  state.forLoops++;
  inLoop(state, statement.body);
  state.forLoops--;
}

function rangeLoop(state: State, statement: For, to: Expr): void {
  const from = state.visit(statement.over);
  const until = state.visit(to);
  for (const [expr, type] of [[statement.over, from], [to, until]] as const) {
    if (!isUnknown(type) && !isInteger(type)) fault(state, 'type-mismatch', expr, `A range is made of integers; this is ${say(type)}.`);
  }
  setVariable(state, statement.variable, isInteger(from) ? (isInteger(until) && until.bits > from.bits ? until : from) : unknown);
}

function mapLoop(state: State, statement: For, over: Extract<Expr, { kind: 'map' }>): void {
  const value = readMap(state, over, false);
  const name = mapName(state, over);
  const key = name === undefined ? undefined : mapState(state, name).key;
  state.found.types.set(statement.over, value);
  if (value.kind === 'aggregation' && ['hist', 'lhist', 'stats', 'tseries'].includes(value.of)) fault(state, 'type-mismatch', over, `The elements of ${over.name} are kept in parts (${value.of}), so for cannot go over them.`);
  else if (key?.kind === 'none') fault(state, 'map-key-mismatch', over, `${over.name} has no keys, so there is nothing for to go over.`);
  setVariable(state, statement.variable, key && !isUnknown(value) ? { kind: 'tuple', elements: [key, value] } : none);
}

function checkJump(state: State, statement: Jump): void {
  const type = statement.value ? state.visit(statement.value) : undefined;
  if (statement.what !== 'return') {
    if (state.loops === 0) fault(state, 'misplaced', statement, `${statement.what} only makes sense inside a loop.`);
    return;
  }
  const { func } = state.place;
  if (func) return checkReturn(state, statement, func.returns ? typeOfRef(state, func.returns) : undefined, type);
  if (type && state.rules.modern && !isUnknown(type) && !isInteger(type)) fault(state, 'type-mismatch', statement, `A probe can only return an integer; this is ${say(type)}.`);
}

function checkReturn(state: State, statement: Jump, wanted: BtType | undefined, type: BtType | undefined): void {
  if (!wanted || isUnknown(wanted) || (type && isUnknown(type))) return;
  const right = type === undefined ? wanted.kind === 'void' : wanted.kind === type.kind;
  if (!right) fault(state, 'type-mismatch', statement, `The function returns ${say(wanted)}; here it returns ${type ? say(type) : 'nothing'}.`);
}
