import type { Block, Func, Node, Probe } from '../../../language/bpftrace/syntax/ast.ts';
import type { Document, PlacedItem } from '../../../language/bpftrace/syntax/document.ts';
import { children, itemAt } from '../../../language/bpftrace/syntax/walk.ts';
import type { Where } from './place.ts';

/** A probe or function with its place. */
export interface BtOwner {
  readonly placed: PlacedItem;
  readonly node: Probe | Func;
}

/** A point in a block: before its statement `index`, or at its end when that is their number. Spans count from the item's start. */
export interface BtPoint {
  readonly block: Block;
  readonly index: number;
}

export type BtWhere = Where<BtOwner, BtPoint>;

/** Where a comment of a bpftrace program stands, by its start. */
export function whereInBpftrace(document: Document, offset: number): BtWhere {
  const placed = itemAt(document, offset);
  if (!placed || offset >= placed.end) return { kind: 'top', next: ownerOf(document.items.find((item) => item.start > offset)) };
  const owner = ownerOf(placed);
  const at = offset - placed.start;
  if (!owner || at <= owner.node.body.start || at >= owner.node.body.end) return { kind: 'elsewhere' };
  return { kind: 'body', owner, at: pointIn(owner.node.body, at) };
}

function ownerOf(placed: PlacedItem | undefined): BtOwner | undefined {
  return placed && (placed.item.kind === 'probe' || placed.item.kind === 'func') ? { placed, node: placed.item } : undefined;
}

function pointIn(body: Block, offset: number): BtPoint | undefined {
  let block = body;
  let at: Node = body;
  for (;;) {
    const inner: Node | undefined = children(at).find((node) => node.start < offset && offset < node.end);
    if (!inner) break;
    at = inner;
    if (inner.kind === 'block') block = inner;
  }
  // What is being typed may swallow the comment.
  if (at !== block && at.kind !== 'bad') return undefined;
  const index = block.statements.findIndex((statement) => statement.end > offset);
  return { block, index: index < 0 ? block.statements.length : index };
}
