import type { Span } from '../../../base/span.ts';
import type { Expr, Node, TypeRef } from './ast.ts';
import type { Document, PlacedItem } from './document.ts';

/** The nodes directly below one, by place. Parts without a kind of their own (entries, parameters) are looked through. */
export function children(node: Node): Node[] {
  const found: Node[] = [];
  for (const value of Object.values(node) as unknown[]) collect(value, found);
  return found.toSorted((a, b) => a.start - b.start || b.end - a.end);
}

function collect(value: unknown, found: Node[]): void {
  if (Array.isArray(value)) for (const element of value as unknown[]) collect(element, found);
  else if (isNode(value)) found.push(value);
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value) as unknown[]) collect(inner, found);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'kind' in value && 'start' in value;
}

/** Visits a node and everything below it, parents first, by place. Deep nesting does not exhaust the stack. */
export function walk(root: Node, visit: (node: Node) => void): void {
  const waiting = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    visit(node);
    waiting.push(...children(node).reverse());
  }
}

/** A node with its way from the item; spans of nodes count from `placed.start`. */
export interface Located {
  readonly placed: PlacedItem;
  /** From the item to the innermost node. */
  readonly path: readonly Node[];
}

/** The item an offset is in; at a border between two the later one. */
export function itemAt(document: Document, offset: number): PlacedItem | undefined {
  const { items } = document;
  let low = 0;
  let high = items.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((items[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const item = items[low];
  return item && item.start <= offset && offset <= item.end ? item : undefined;
}

/** The nodes around an offset, ends included; a node that begins at the offset goes before one that ends there. */
export function locate(document: Document, offset: number): Located | undefined {
  const placed = itemAt(document, offset);
  if (!placed) return undefined;
  const at = offset - placed.start;
  const path: Node[] = [placed.item];
  for (let node: Node | undefined = placed.item; node; ) {
    const touching: Node[] = children(node).filter((child) => child.start <= at && at <= child.end);
    node = touching.findLast((child) => child.start === at && child.end > at) ?? touching.findLast((child) => child.end > child.start) ?? touching.at(-1);
    if (node) path.push(node);
  }
  return { placed, path };
}

/** A span of a node as offsets into the document. */
export function inDocument(placed: PlacedItem, span: Span): Span {
  return { start: placed.start + span.start, end: placed.start + span.end };
}

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
