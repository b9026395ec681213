import type { Span } from '../../../base/span.ts';
import type { Cst } from '../../../language/bpftrace/syntax/cst.ts';
import { inC, type CDocument, type PlacedCItem } from '../../../language/bpfc/syntax/document.ts';
import type { CFunctionItem } from '../../../language/bpfc/syntax/item.ts';
import type { Where } from './place.ts';

/** A function with its place. */
export interface COwner {
  readonly placed: PlacedCItem;
  readonly fn: CFunctionItem;
}

/** A point in a block of C, in offsets of the document. */
export interface CPoint {
  readonly block: Span;
  /** The statement it stands before; undefined at the end of the block. */
  readonly before: Span | undefined;
}

export type CWhere = Where<COwner, CPoint>;

/** Where a comment of a C program stands, by its start. */
export function whereInC(document: CDocument, offset: number): CWhere {
  const placed = document.items.find((item) => item.end > offset);
  if (!placed || placed.start > offset) return { kind: 'top', next: ownerOf(placed) };
  const owner = ownerOf(placed);
  const body = owner?.fn.body;
  const at = offset - placed.start;
  // Between the section and the function's own line.
  if (owner && at < owner.fn.nameSpan.start) return { kind: 'top', next: owner };
  if (!owner || !body || at <= body.start || at >= body.end) return { kind: 'elsewhere' };
  return { kind: 'body', owner, at: pointIn(placed, body, at) };
}

function ownerOf(placed: PlacedCItem | undefined): COwner | undefined {
  return placed?.item.declaration.kind === 'function' ? { placed, fn: placed.item.declaration } : undefined;
}

/** Nodes that have statements as children; `case` has them behind its colon. */
const BLOCK = /^(?:compound_statement|preproc_(?:if|ifdef|else|elif|elifdef)|case_statement|ERROR)$/;

function pointIn(placed: PlacedCItem, body: Span, offset: number): CPoint | undefined {
  const { tree } = placed.item;
  if (!tree) return { block: inC(placed, body), before: undefined };
  let at = tree;
  for (;;) {
    const inner = at.children.find((node) => node.start < offset && offset < node.end && node.type !== 'comment');
    if (!inner) break;
    at = inner;
  }
  if (!BLOCK.test(at.type) || (at.type === 'case_statement' && !at.children.some(({ type, start }) => type === ':' && start < offset))) return undefined;
  const next = at.children.find((node) => node.start > offset && isStatement(node));
  return { block: inC(placed, at), before: next && inC(placed, next) };
}

function isStatement({ type }: Cst): boolean {
  return type !== 'comment' && type !== '}' && !/^(?:#|preproc_(?:else|elif|elifdef)$)/.test(type);
}
