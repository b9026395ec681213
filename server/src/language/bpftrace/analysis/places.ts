import { shift, type Span } from '../../../base/span.ts';
import type { Item } from '../syntax/ast.ts';
import type { Document } from '../syntax/document.ts';

/** A place by the item it is in: it stays right while other items are edited. */
export interface Anchor extends Span {
  readonly item: Item;
}

export type Starts = ReadonlyMap<Item, number>;

export function startsOf(document: Document): Starts {
  return new Map(document.items.map(({ item, start }) => [item, start]));
}

/** What stands between two items counts from the one before. Throws nothing; a document without items has no places. */
export function anchorOf({ items }: Document, span: Span): Anchor | undefined {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.start ?? 0) <= span.start) low = middle + 1;
    else high = middle;
  }
  const placed = items[Math.max(0, low - 1)];
  return placed && { item: placed.item, start: span.start - placed.start, end: span.end - placed.start };
}

/** Undefined when the item is no longer there. */
export function spanAt(starts: Starts, anchor: Anchor): Span | undefined {
  const start = starts.get(anchor.item);
  return start === undefined ? undefined : shift({ start: anchor.start, end: anchor.end }, start);
}
