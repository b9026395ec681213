import type { Span } from '../../../base/span.ts';
import type { Node } from '../syntax/ast.ts';
import type { Document, PlacedItem } from '../syntax/document.ts';

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
