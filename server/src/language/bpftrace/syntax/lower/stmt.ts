import type { Assign, BadStmt, Block, Expr, For, If, Let, Stmt, Variable } from '../ast.ts';
import { child, type Cst } from '../cst.ts';
import { keepStrays, missing, parts, span, textOf, type Context } from './context.ts';
import { at, consequence, expr, isExpr, mapAccess } from './expr.ts';
import { typeRef } from './types.ts';

type Lower = (context: Context, node: Cst, terminated: boolean) => Stmt | undefined;

const LOWER: Readonly<Record<string, Lower>> = {
  assignment: (c, n) => assign(c, n),
  discard_statement: (c, n) => discard(c, n),
  variable_declaration: (c, n) => declaration(c, n),
  break_statement: (_, n) => ({ kind: 'jump', ...span(n), what: 'break' }),
  continue_statement: (_, n) => ({ kind: 'jump', ...span(n), what: 'continue' }),
  return_statement: (c, n) => (child(n, 'value') ? { kind: 'jump', ...span(n), what: 'return', value: at(c, n, 'value') } : { kind: 'jump', ...span(n), what: 'return' }),
  expression_statement: (c, n, terminated) => ({ kind: 'expr-stmt', ...span(n), expr: onlyExpr(c, n), terminated }),
  if_statement: (c, n) => ifStatement(c, n),
  block: (c, n) => block(c, n),
  while_statement: (c, n) => ({ kind: 'while', ...span(n), condition: at(c, n, 'condition'), body: body(c, n) }),
  unroll_statement: (c, n) => ({ kind: 'unroll', ...span(n), count: at(c, n, 'count'), body: body(c, n) }),
  for_statement: (c, n) => forStatement(c, n),
  import_statement: (_, n) => ({ kind: 'bad', ...span(n), exprs: [] }),
  empty_statement: () => undefined,
};

export function block(context: Context, node: Cst): Block {
  return { kind: 'block', ...span(node), statements: statements(context, node) };
}

/** The statements among a node's children; whatever else is there is kept as `bad`, with the names in it. */
export function statements(context: Context, node: Cst): Stmt[] {
  const found: Stmt[] = [];
  for (const [index, part] of node.children.entries()) {
    const own: Context = { text: context.text, strays: [] };
    const lower = LOWER[part.type];
    if (lower) {
      // A block takes up its own.
      if (part.type !== 'block') keepStrays(own, part);
      const next = node.children[index + 1];
      const statement = lower(own, part, next?.type === ';' && !next.missing);
      if (statement) found.push(statement);
    } else if (part.type === 'ERROR') found.push(...stray(context, part));
    else if (isExpr(part)) found.push({ kind: 'bad', ...span(part), exprs: [expr(own, part)] });
    for (const inner of own.strays) found.push(...stray(context, inner));
  }
  return found;
}

/** Statements and expressions that recovery left in an ERROR. */
function stray(context: Context, error: Cst): Stmt[] {
  const inside = statements(context, error);
  if (inside.some((s) => s.kind !== 'bad')) return inside;
  const exprs = inside.flatMap((s) => (s.kind === 'bad' ? s.exprs : []));
  const bad: BadStmt = { kind: 'bad', ...span(error), exprs };
  return [bad];
}

function onlyExpr(context: Context, node: Cst): Expr {
  const found = parts(node).find(isExpr);
  return found ? expr(context, found) : missing(node.start);
}

function body(context: Context, node: Cst): Block {
  const found = child(node, 'body');
  return found ? block(context, found) : { kind: 'block', start: node.end, end: node.end, statements: [] };
}

function assign(context: Context, node: Cst): Stmt {
  const op = child(node, 'operator') ?? { start: node.end, end: node.end };
  return { kind: 'assign', ...span(node), target: at(context, node, 'left'), op: textOf(context, op) as Assign['op'], opSpan: span(op), value: at(context, node, 'right') };
}

/** `_ = f();` */
function discard(context: Context, node: Cst): Stmt {
  const [underscore, op] = parts(node);
  const target: Expr = underscore ? { kind: 'identifier', ...span(underscore), name: '_' } : missing(node.start);
  return { kind: 'assign', ...span(node), target, op: '=', opSpan: span(op ?? { start: node.end, end: node.end }), value: at(context, node, 'value') };
}

export function variable(context: Context, node: Cst | undefined, end: number): Variable {
  return node ? { kind: 'variable', ...span(node), name: textOf(context, node) } : { kind: 'variable', start: end, end, name: '' };
}

function declaration(context: Context, node: Cst): Let {
  const named = child(node, 'name');
  const type = child(node, 'type');
  return {
    kind: 'let',
    ...span(node),
    target: named?.type === 'map' ? mapAccess(context, named) : variable(context, named, node.end),
    ...(type && { type: typeRef(context, type, expr) }),
    ...(child(node, 'value') && { value: at(context, node, 'value') }),
  };
}

function ifStatement(context: Context, node: Cst): If {
  const condition = at(context, node, 'condition');
  const base = { kind: 'if', ...span(node), condition, then: consequence(context, node), ...(condition.kind === 'comptime' && { comptime: true }) } as const;
  const alternative = child(node, 'alternative');
  if (!alternative) return base;
  return { ...base, otherwise: alternative.type === 'block' ? block(context, alternative) : ifStatement(context, alternative) };
}

function forStatement(context: Context, node: Cst): For {
  const iterable = child(node, 'iterable');
  const range = iterable?.type === 'range' ? iterable : undefined;
  return {
    kind: 'for',
    ...span(node),
    variable: variable(context, child(node, 'variable'), node.end),
    over: range ? at(context, range, 'start') : at(context, node, 'iterable'),
    ...(range && { to: at(context, range, 'end') }),
    body: body(context, node),
  };
}
