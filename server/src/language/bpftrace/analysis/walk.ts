import type { Expr, TypeRef } from '../syntax/ast.ts';

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
