import { shift, type Span } from '../../../base/span.ts';
import type { CCall, CFunctionItem, CItem, CMapItem } from './item.ts';
import type { CParser } from './parser.ts';
import { readDirective, readItem } from './read-item.ts';
import { segments } from './segments.ts';

/** An item where it stands. */
export interface PlacedCItem extends Span {
  readonly item: CItem;
}

/** One version of a BPF C program. It never changes. */
export interface CDocument {
  readonly text: string;
  readonly items: readonly PlacedCItem[];
}

/**
 * Reads a BPF C program piece by piece, each by itself: a piece whose text was there before is the same object, so only
 * what was edited is parsed. Never throws.
 */
export function parseC(parser: CParser, text: string, before?: CDocument): CDocument {
  if (before?.text === text) return before;
  const known = new Map(before?.items.map(({ item }) => [item.text, item]));
  const items = segments(text).map(({ start, end, kind, unclosed }) => {
    const own = text.slice(start, end);
    const item = known.get(own) ?? (kind === 'directive' ? readDirective(own) : readItem(parser, own, unclosed));
    known.set(own, item);
    return { start, end, item };
  });
  return { text, items };
}

/** A span of an item as one of the document. */
export function inC({ start }: PlacedCItem, span: Span): Span {
  return shift({ start: span.start, end: span.end }, start);
}

/** The functions of a document with the items they are. */
export function functionsOf({ items }: CDocument): { readonly placed: PlacedCItem; readonly fn: CFunctionItem }[] {
  return items.flatMap((placed) => (placed.item.declaration.kind === 'function' ? [{ placed, fn: placed.item.declaration }] : []));
}

export function mapsOf({ items }: CDocument): { readonly placed: PlacedCItem; readonly map: CMapItem }[] {
  return items.flatMap((placed) => (placed.item.declaration.kind === 'map' ? [{ placed, map: placed.item.declaration }] : []));
}

/** The item at an offset; at the border of two, the one that ends there. */
export function itemAt({ items }: CDocument, offset: number): PlacedCItem | undefined {
  return items.find(({ start, end }) => start <= offset && offset <= end);
}

/** Headers by the name in their `#include`. */
export function includesOf({ items }: CDocument): string[] {
  return items.flatMap(({ item: { declaration: d } }) => (d.kind === 'directive' && d.word === 'include' ? [d.name] : []));
}

/** Every call with its place in the document. */
export function callsIn(placed: PlacedCItem): CCall[] {
  return placed.item.calls.map((call) => ({ ...inC(placed, call), name: call.name, nameSpan: inC(placed, call.nameSpan), args: call.args.map((arg) => inC(placed, arg)) }));
}
