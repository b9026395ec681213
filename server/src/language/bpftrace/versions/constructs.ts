import type { Span } from '../../../base/span.ts';
import { textOf, type State } from '../analysis/check/state.ts';
import type { Expr, Item, Stmt, TypeRef } from '../syntax/ast.ts';
import { asWhile, edit, inNanoseconds, withoutLet } from './repairs.ts';
import { func, has } from '../catalogue.ts';
import { reportConstruct, reportMissing } from './report.ts';
import { requireSetting } from './unstable.ts';
import type { Around } from './walk.ts';

/** Measured: 0.23 reads no block that belongs to nothing, 0.27 does; with block expressions. */
const BARE_BLOCK = { since: [0, 24] };

/** Measured: 0.17 and 0.23 hand `struct s;` to clang, 0.27 does not read it. */
const FORWARD = { until: [0, 27] };

const OFFSETOF = func('offsetof') ?? {};

export function checkItem(state: State, item: Item): void {
  switch (item.kind) {
    case 'c-type':
      return item.forward && !has(FORWARD, state.rules.version) ? reportMissing(state, FORWARD, 'A struct without its fields', item, 'Leave it out: structs may name those that follow.', [edit(state, 'Remove the declaration', item, '')]) : undefined;
    case 'config':
      return reportConstruct(state, 'config-block', { start: item.start, end: item.start + 'config'.length });
    case 'map-decl':
      return reportConstruct(state, 'map-declaration', item, () => [edit(state, 'Remove the declaration', item, '')]);
    case 'macro':
      requireSetting(state, 'unstable_macro', 'A macro', { start: item.start, end: item.name.end });
      return reportConstruct(state, 'macro', { start: item.start, end: item.name.end });
    case 'func':
      return reportConstruct(state, 'function', { start: item.start, end: item.name.end });
    case 'import':
      requireSetting(state, 'unstable_import', 'import', item);
      return reportConstruct(state, 'import', item);
    default:
      return;
  }
}

export function checkStatement(state: State, statement: Stmt, around: Around): void {
  switch (statement.kind) {
    case 'let':
      return reportConstruct(state, 'let', { start: statement.start, end: statement.target.end }, () => [withoutLet(state, statement)]);
    case 'for':
      return reportConstruct(state, statement.to ? 'for-range' : 'for-map', { start: statement.start, end: Math.max(statement.over.end, statement.to?.end ?? 0) }, () => asWhile(state, statement));
    case 'jump':
      if (statement.what === 'return' && statement.value && !around.inFunction) reportConstruct(state, 'return-value', statement, () => [edit(state, 'Return without a value', statement, 'return')]);
      if (around.loop === 'for') reportConstruct(state, 'for-jump', statement);
      return;
    case 'if':
      if (statement.comptime) reportConstruct(state, 'comptime', { start: statement.start, end: statement.condition.start });
      return parentheses(state, statement, statement.condition);
    case 'block':
      return has(BARE_BLOCK, state.rules.version) ? undefined : reportMissing(state, BARE_BLOCK, 'A block of its own', { start: statement.start, end: statement.start + 1 }, 'Leave its braces out.');
    case 'while':
      return parentheses(state, statement, statement.condition);
    case 'assign':
      if (statement.target.kind === 'identifier' && statement.target.name === '_') reportConstruct(state, 'discard', statement.target, () => [edit(state, 'Write the call alone', { start: statement.start, end: statement.value.start }, '')]);
      return;
    default:
      return;
  }
}

function parentheses(state: State, statement: Span, condition: Expr): void {
  if (condition.kind === 'paren' || condition.kind === 'missing' || textOf(state, { start: statement.start, end: condition.start }).includes('(')) return;
  reportConstruct(state, 'if-without-parentheses', condition, () => [edit(state, 'Put it in parentheses', condition, `(${textOf(state, condition)})`)]);
}

export function checkExpression(state: State, expr: Expr): void {
  switch (expr.kind) {
    case 'field':
      if (expr.op === '.' && expr.object.kind === 'identifier' && expr.object.name === 'args') reportConstruct(state, 'args-dot', expr.opSpan, () => [edit(state, 'Replace . with ->', expr.opSpan, '->')]);
      return;
    case 'integer':
      if (expr.duration) reportConstruct(state, 'duration-literal', expr, () => [inNanoseconds(state, expr)]);
      return;
    case 'ternary':
      if (!expr.then) reportConstruct(state, 'short-ternary', expr, () => [edit(state, 'Write the condition twice', expr, `${textOf(state, expr.condition)} ? ${textOf(state, expr.condition)} : ${textOf(state, expr.otherwise)}`)]);
      return;
    case 'block-expr':
      return reportConstruct(state, 'block-expression', expr);
    case 'if-expr':
      return reportConstruct(state, 'if-expression', { start: expr.start, end: expr.condition.end });
    case 'comptime':
      return reportConstruct(state, 'comptime', expr, () => [edit(state, 'Remove comptime', { start: expr.start, end: expr.operand.start }, '')]);
    case 'typeinfo':
      requireSetting(state, 'unstable_typeinfo', 'typeinfo()', expr);
      return reportConstruct(state, 'typeinfo', expr);
    case 'offsetof':
      return has(OFFSETOF, state.rules.version) ? undefined : reportMissing(state, OFFSETOF, 'offsetof()', expr, '');
    case 'unary':
      if (expr.op === '&') reportConstruct(state, 'address-of', expr);
      return;
    case 'record':
      return reportConstruct(state, 'record', expr);
    case 'tuple':
      if (expr.elements.length === 1) reportConstruct(state, 'one-tuple', expr);
      return;
    case 'cast':
      if (expr.type.arrays.length > 0) reportConstruct(state, 'array-cast', expr.type);
      if (expr.type.tag === 'enum') reportConstruct(state, 'enum-cast', expr.type);
      return;
    default:
      return;
  }
}

export function checkType(state: State, type: TypeRef): void {
  if (type.tag === 'typeof') reportConstruct(state, 'typeof', type);
}
