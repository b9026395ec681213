import type { BinaryOp, Block, Expr, Field, IfExpr, MapAccess, Name, Unary, Update } from '../ast.ts';
import { child, type Cst } from '../cst.ts';
import { keepStrays, missing, name, parts, span, textOf, type Context } from './context.ts';
import { duration, integer, string } from './literals.ts';
import { block } from './stmt.ts';
import { isType, typeOrValue, typeRef } from './types.ts';

type Lower = (context: Context, node: Cst) => Expr;

const LOWER: Readonly<Record<string, Lower>> = {
  identifier: identifier,
  builtin: identifier,
  variable: (c, n) => ({ kind: 'variable', ...span(n), name: textOf(c, n) }),
  map: (c, n) => mapAccess(c, n),
  map_access: (c, n) => mapAccess(c, n),
  positional_parameter: (c, n) => ({ kind: 'positional', ...span(n), index: Number(textOf(c, n).slice(1)) }),
  positional_count: (_, n) => ({ kind: 'positional', ...span(n), index: 'count' }),
  integer: (c, n) => integer(n, textOf(c, n)),
  duration: (c, n) => duration(n, textOf(c, n)),
  boolean: (c, n) => ({ kind: 'bool', ...span(n), value: textOf(c, n) === 'true' }),
  string: (c, n) => string(n, textOf(c, n)),
  unterminated_string: (c, n) => string(n, textOf(c, n)),
  invalid_number: (c, n) => integer(n, textOf(c, n)),
  missing_expression: (_, n) => missing(n.start),
  call_expression: call,
  field_expression: field,
  tuple_access: field,
  index_expression: (c, n) => ({ kind: 'index', ...span(n), object: at(c, n, 'argument'), index: at(c, n, 'index') }),
  parenthesized_expression: (c, n) => ({ kind: 'paren', ...span(n), inner: first(c, n) }),
  tuple: (c, n) => ({ kind: 'tuple', ...span(n), elements: list(c, n) }),
  record: record,
  cast_expression: cast,
  sizeof_expression: (c, n) => ({ kind: 'sizeof', ...span(n), of: operandOf(c, n) }),
  typeinfo_expression: (c, n) => ({ kind: 'typeinfo', ...span(n), of: operandOf(c, n) }),
  offsetof_expression: (c, n) => ({ kind: 'offsetof', ...span(n), of: operandOf(c, n), path: n.children.filter((p) => p.field === 'member' && p.type !== '.').map((p) => name(c, p)) }),
  comptime_expression: (c, n) => ({ kind: 'comptime', ...span(n), operand: at(c, n, 'value') }),
  unary_expression: (c, n) => ({ kind: 'unary', ...span(n), op: operator(c, n).text as Unary['op'], operand: at(c, n, 'argument') }),
  update_expression: update,
  binary_expression: binary,
  conditional_expression: conditional,
  if_expression: ifExpr,
  block: (c, n) => ({ kind: 'block-expr', ...span(n), body: block(c, n) }),
};

export function isExpr(node: Cst): boolean {
  return node.type in LOWER;
}

/** An expression; text that is none becomes `missing`. */
export function expr(context: Context, node: Cst): Expr {
  if (node.type !== 'block') keepStrays(context, node);
  const lower = LOWER[node.type];
  if (lower) return lower(context, node);
  if (isType(node)) return identifier(context, node);
  return missing(node.start);
}

/** The expression in this role; `missing` at the end of the node when there is none. */
export function at(context: Context, node: Cst, role: string): Expr {
  const found = parts(node).find((part) => part.field === role && (isExpr(part) || isType(part)));
  return found ? expr(context, found) : missing(node.end);
}

function identifier(context: Context, node: Cst): Expr {
  return node.start === node.end ? missing(node.start) : { kind: 'identifier', ...span(node), name: textOf(context, node) };
}

function list(context: Context, node: Cst): Expr[] {
  return parts(node).filter((part) => isExpr(part) || isType(part)).map((part) => expr(context, part));
}

function first(context: Context, node: Cst): Expr {
  return list(context, node)[0] ?? missing(node.end);
}

function operator(context: Context, node: Cst): Name {
  return name(context, child(node, 'operator') ?? { start: node.end, end: node.end });
}

export function mapAccess(context: Context, node: Cst): MapAccess {
  const own = node.type === 'map' ? node : (child(node, 'map') ?? node);
  const base = { kind: 'map', ...span(node), name: textOf(context, own), nameSpan: span(own) } as const;
  if (node.type === 'map') return base;
  const keys = parts(node).filter((part) => part.field === 'key' && isExpr(part)).map((part) => expr(context, part));
  return { ...base, keys };
}

function call(context: Context, node: Cst): Expr {
  const callee = name(context, child(node, 'function') ?? { start: node.start, end: node.start });
  const args = child(node, 'arguments');
  if (args) keepStrays(context, args);
  const argSpan = args ? { start: Math.min(args.start + 1, args.end), end: context.text[args.end - 1] === ')' && args.end > args.start + 1 ? args.end - 1 : args.end } : { start: node.end, end: node.end };
  return { kind: 'call', ...span(node), callee, args: args ? list(context, args) : [], argSpan };
}

function field(context: Context, node: Cst): Field {
  const op = node.children.find((part) => part.type === '.' || part.type === '->');
  const named = child(node, 'field') ?? child(node, 'index');
  return {
    kind: 'field',
    ...span(node),
    object: at(context, node, 'argument'),
    op: op?.type === '->' ? '->' : '.',
    opSpan: op ? span(op) : { start: node.end, end: node.end },
    name: name(context, named ?? { start: node.end, end: node.end }),
  };
}

function record(context: Context, node: Cst): Expr {
  const fields = parts(node)
    .filter((part) => part.type === 'record_field')
    .map((part) => ({ name: name(context, child(part, 'name') ?? { start: part.start, end: part.start }), value: at(context, part, 'value') }));
  return { kind: 'record', ...span(node), fields };
}

function operandOf(context: Context, node: Cst): Expr | ReturnType<typeof typeRef> {
  return typeOrValue(context, node, expr) ?? missing(node.end);
}

function cast(context: Context, node: Cst): Expr {
  const type = child(node, 'type');
  const operand = at(context, node, 'value');
  return type ? { kind: 'cast', ...span(node), type: typeRef(context, type, expr), operand } : operand;
}

function update(context: Context, node: Cst): Update {
  const op = operator(context, node);
  return { kind: 'update', ...span(node), op: op.text === '--' ? '--' : '++', prefix: op.start === node.start, operand: at(context, node, 'argument') };
}

function binary(context: Context, node: Cst): Expr {
  const op = operator(context, node);
  return { kind: 'binary', ...span(node), op: op.text as BinaryOp, opSpan: span(op), left: at(context, node, 'left'), right: at(context, node, 'right') };
}

function conditional(context: Context, node: Cst): Expr {
  const base = { kind: 'ternary', ...span(node), condition: at(context, node, 'condition') } as const;
  const otherwise = at(context, node, 'alternative');
  return child(node, 'consequence') ? { ...base, then: at(context, node, 'consequence'), otherwise } : { ...base, otherwise };
}

export function ifExpr(context: Context, node: Cst): IfExpr {
  const base = { kind: 'if-expr', ...span(node), condition: at(context, node, 'condition'), then: consequence(context, node) } as const;
  const alternative = child(node, 'alternative');
  if (!alternative) return base;
  return { ...base, otherwise: alternative.type === 'if_expression' ? ifExpr(context, alternative) : block(context, alternative) };
}

export function consequence(context: Context, node: Cst): Block {
  const body = child(node, 'consequence');
  return body ? block(context, body) : { kind: 'block', start: node.end, end: node.end, statements: [] };
}
