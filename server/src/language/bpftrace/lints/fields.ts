import { findField, type CType } from '../../../kernel/ctype.ts';
import type { Analysis } from '../analysis/analysis.ts';
import type { BtType } from '../analysis/types.ts';
import { bare } from '../syntax/walk.ts';
import type { Expr, Field } from '../syntax/ast.ts';

/** The struct or union a value is, or leads to. */
export function structOf(type: BtType | undefined): Extract<BtType, { kind: 'record' }> | undefined {
  const at = type?.kind === 'pointer' ? type.to() : type;
  return at?.kind === 'record' ? at : undefined;
}

/** The C type of a field as its struct declares it: typedefs such as `__be16` are still seen. */
export function declaredType(analysis: Analysis, field: Field): CType | undefined {
  const owner = structOf(analysis.typeOf(field.object));
  return owner && findField(owner.struct, field.name.text)?.type();
}

/** Through parentheses, casts and `comptime` to the expression whose value it is. */
export function valueOf(expr: Expr): Expr {
  const at = bare(expr);
  return at.kind === 'cast' || at.kind === 'comptime' ? valueOf(at.operand) : at;
}

/** The field read, through casts and parentheses. */
export function fieldOf(expr: Expr): Field | undefined {
  const at = valueOf(expr);
  return at.kind === 'field' ? at : undefined;
}

/** Whether it is that builtin, written as a word or as a call without arguments. */
export function isBuiltin(expr: Expr, name: string): boolean {
  return (expr.kind === 'identifier' && expr.name === name) || (expr.kind === 'call' && expr.callee.text === name && expr.args.length === 0);
}
