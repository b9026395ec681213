import type { Block, Expr, IfExpr, If, Stmt, TypeRef } from '../syntax/ast.ts';

/** The expressions directly inside an expression, in source order; blocks are not entered. */
export function operands(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'map':
      return expr.keys ?? [];
    case 'call':
      return expr.args;
    case 'unary':
    case 'update':
    case 'cast':
    case 'comptime':
      return [expr.operand];
    case 'binary':
      return [expr.left, expr.right];
    case 'ternary':
      return expr.then ? [expr.condition, expr.then, expr.otherwise] : [expr.condition, expr.otherwise];
    case 'field':
      return [expr.object];
    case 'index':
      return [expr.object, expr.index];
    case 'tuple':
      return expr.elements;
    case 'record':
      return expr.fields.map((f) => f.value);
    case 'paren':
      return [expr.inner];
    case 'if-expr':
      return [expr.condition];
    default:
      return [];
  }
}

/** The types written inside an expression. */
export function typeRefs(expr: Expr): readonly TypeRef[] {
  if (expr.kind === 'cast') return [expr.type];
  if ((expr.kind === 'sizeof' || expr.kind === 'offsetof' || expr.kind === 'typeinfo') && expr.of.kind === 'type') return [expr.of];
  return [];
}

export function isExpr(of: TypeRef | Expr): of is Expr {
  return of.kind !== 'type';
}

/** Without the parentheses around it. */
export function bare(expr: Expr): Expr {
  let at = expr;
  while (at.kind === 'paren') at = at.inner;
  return at;
}

/** The value of a literal integer, a leading minus included. */
export function literalInteger(expr: Expr): bigint | undefined {
  const at = bare(expr);
  if (at.kind === 'integer') return at.value;
  if (at.kind === 'unary' && at.op === '-') {
    const inner = literalInteger(at.operand);
    return inner === undefined ? undefined : -inner;
  }
  return undefined;
}

/** Every expression in an expression, itself first; blocks inside are entered. */
export function* expressionsIn(expr: Expr): Generator<Expr> {
  yield expr;
  for (const child of operands(expr)) yield* expressionsIn(child);
  if ((expr.kind === 'sizeof' || expr.kind === 'offsetof' || expr.kind === 'typeinfo') && isExpr(expr.of)) yield* expressionsIn(expr.of);
  if (expr.kind === 'block-expr') yield* expressionsOf(expr.body);
  if (expr.kind === 'if-expr') yield* branchExpressions(expr);
}

/** Every expression in a block, in source order. */
export function* expressionsOf(block: Block): Generator<Expr> {
  for (const statement of block.statements) yield* statementExpressions(statement);
}

function* branchExpressions(branch: If | IfExpr): Generator<Expr> {
  yield* expressionsOf(branch.then);
  const { otherwise } = branch;
  if (!otherwise) return;
  if (otherwise.kind === 'block') yield* expressionsOf(otherwise);
  else {
    yield* expressionsIn(otherwise.condition);
    yield* branchExpressions(otherwise);
  }
}

function* statementExpressions(statement: Stmt): Generator<Expr> {
  switch (statement.kind) {
    case 'expr-stmt':
      return yield* expressionsIn(statement.expr);
    case 'assign':
      yield* expressionsIn(statement.target);
      return yield* expressionsIn(statement.value);
    case 'let':
      return statement.value ? yield* expressionsIn(statement.value) : undefined;
    case 'if':
      yield* expressionsIn(statement.condition);
      return yield* branchExpressions(statement);
    case 'while':
      yield* expressionsIn(statement.condition);
      return yield* expressionsOf(statement.body);
    case 'unroll':
      yield* expressionsIn(statement.count);
      return yield* expressionsOf(statement.body);
    case 'for':
      yield* expressionsIn(statement.over);
      if (statement.to) yield* expressionsIn(statement.to);
      return yield* expressionsOf(statement.body);
    case 'jump':
      return statement.value ? yield* expressionsIn(statement.value) : undefined;
    case 'block':
      return yield* expressionsOf(statement);
    case 'bad':
      for (const expr of statement.exprs) yield* expressionsIn(expr);
  }
}
