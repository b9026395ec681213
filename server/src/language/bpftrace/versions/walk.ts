import type { Block, Expr, If, IfExpr, Item, Stmt, TypeRef } from '../syntax/ast.ts';
import { isExpr, operands, typeRefs } from '../syntax/walk.ts';

/** What is around a node that is visited. */
export interface Around {
  /** Innermost loop, inside out: `for` when a jump would leave a `for`. */
  readonly loop: 'for' | 'while' | undefined;
  /** Inside a function rather than a probe. */
  readonly inFunction: boolean;
}

export interface Visitor {
  statement(statement: Stmt, around: Around): void;
  expression(expr: Expr, around: Around): void;
  type(type: TypeRef): void;
}

/** Visits every statement, expression and type of an item in source order. */
export function visitItem(item: Item, visitor: Visitor): void {
  const around: Around = { loop: undefined, inFunction: item.kind === 'func' };
  if (item.kind === 'probe' && item.predicate) expression(item.predicate, visitor, around);
  if (item.kind === 'func') {
    for (const { type } of item.params) visitor.type(type);
    if (item.returns) visitor.type(item.returns);
  }
  if (item.kind === 'probe' || item.kind === 'func' || item.kind === 'macro') block(item.body, visitor, around);
  if (item.kind === 'map-decl') for (const arg of item.args) expression(arg, visitor, around);
}

function block(body: Block, visitor: Visitor, around: Around): void {
  for (const each of body.statements) statement(each, visitor, around);
}

function statement(node: Stmt, visitor: Visitor, around: Around): void {
  visitor.statement(node, around);
  switch (node.kind) {
    case 'expr-stmt':
      return expression(node.expr, visitor, around);
    case 'assign':
      expression(node.target, visitor, around);
      return expression(node.value, visitor, around);
    case 'let':
      if (node.type) visitor.type(node.type);
      return node.value ? expression(node.value, visitor, around) : undefined;
    case 'if':
      return branch(node, visitor, around);
    case 'while':
      expression(node.condition, visitor, around);
      return block(node.body, visitor, { ...around, loop: 'while' });
    case 'unroll':
      expression(node.count, visitor, around);
      return block(node.body, visitor, { ...around, loop: 'while' });
    case 'for':
      expression(node.over, visitor, around);
      if (node.to) expression(node.to, visitor, around);
      return block(node.body, visitor, { ...around, loop: 'for' });
    case 'jump':
      return node.value ? expression(node.value, visitor, around) : undefined;
    case 'block':
      return block(node, visitor, around);
    case 'bad':
      for (const expr of node.exprs) expression(expr, visitor, around);
  }
}

function branch(node: If | IfExpr, visitor: Visitor, around: Around): void {
  expression(node.condition, visitor, around);
  block(node.then, visitor, around);
  if (!node.otherwise) return;
  if (node.otherwise.kind === 'block') block(node.otherwise, visitor, around);
  else branch(node.otherwise, visitor, around);
}

function expression(node: Expr, visitor: Visitor, around: Around): void {
  visitor.expression(node, around);
  for (const type of typeRefs(node)) visitor.type(type);
  if ((node.kind === 'sizeof' || node.kind === 'offsetof' || node.kind === 'typeinfo') && isExpr(node.of)) expression(node.of, visitor, around);
  if (node.kind === 'if-expr') return branch(node, visitor, around);
  for (const operand of operands(node)) expression(operand, visitor, around);
  if (node.kind === 'block-expr') block(node.body, visitor, around);
}
