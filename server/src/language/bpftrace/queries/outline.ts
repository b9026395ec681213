import type { Span } from '../../../base/span.ts';
import type { CMember, CType, Item, MapAccess } from '../syntax/ast.ts';
import type { Document, PlacedItem } from '../syntax/document.ts';
import { inDocument, walk } from '../syntax/walk.ts';

export interface OutlineEntry {
  readonly kind: 'probe' | 'macro' | 'function' | 'map' | 'struct' | 'enum' | 'typedef' | 'member' | 'enum-member' | 'define' | 'config' | 'config-key';
  readonly name: string;
  /** A predicate, a type, parameters; empty when there is nothing to say. */
  readonly detail: string;
  readonly span: Span;
  /** The name, inside `span`. */
  readonly nameSpan: Span;
  readonly children: readonly OutlineEntry[];
}

/** The symbols of a program as a tree, by place: probes, macros, types with their members, and each map where it is first seen. */
export function outline(document: Document): OutlineEntry[] {
  const seen = new Set<string>();
  return document.items.flatMap((placed) => {
    const entry = entryOf(document, placed);
    const maps = mapsOf(placed, seen);
    return entry ? [{ ...entry, children: [...entry.children, ...maps] }] : maps;
  });
}

function entryOf(document: Document, placed: PlacedItem): OutlineEntry | undefined {
  const { item } = placed;
  const whole = { start: placed.start, end: placed.end };
  const entry = (kind: OutlineEntry['kind'], name: string, at: Span, detail = '', children: readonly OutlineEntry[] = []): OutlineEntry => ({ kind, name, detail, span: whole, nameSpan: inDocument(placed, at), children });
  switch (item.kind) {
    case 'probe':
      return entry('probe', item.attachPoints.map((point) => point.text).join(', ') || '(no attach point)', item.header, predicateOf(document, placed, item));
    case 'macro':
      return entry('macro', item.name.text, item.name, `(${item.params.map((p) => p.name).join(', ')})`);
    case 'func':
      return entry('function', item.name.text, item.name, `(${item.params.map((p) => p.variable.name).join(', ')})`);
    case 'c-type':
      return item.name && entry(item.tag === 'union' ? 'struct' : item.tag, item.name.text, item.name, '', members(placed, item.members, item.tag));
    case 'directive':
      return item.name === 'define' && item.subject ? entry('define', item.subject.text, item.subject, item.value ?? '') : undefined;
    case 'config':
      return entry('config', 'config', { start: 0, end: 'config'.length }, '', item.entries.map(({ name }) => leaf('config-key', name.text, '', inDocument(placed, name), inDocument(placed, name))));
    default:
      return undefined;
  }
}

function predicateOf(document: Document, placed: PlacedItem, { predicateSpan }: Extract<Item, { kind: 'probe' }>): string {
  if (!predicateSpan) return '';
  const { start, end } = inDocument(placed, predicateSpan);
  return document.text.slice(start, end);
}

function leaf(kind: OutlineEntry['kind'], name: string, detail: string, span: Span, nameSpan: Span): OutlineEntry {
  return { kind, name, detail, span, nameSpan, children: [] };
}

/** Members by place; those of anonymous structs belong to the outer one, as in C. */
function members(placed: PlacedItem, all: readonly CMember[], tag: CType['tag']): OutlineEntry[] {
  return all.flatMap((member) => {
    const inner = members(placed, member.members ?? [], 'struct');
    if (!member.name) return inner;
    const detail = tag === 'enum' ? (member.value ?? '') : `${member.type}${member.pointers > 0 ? ` ${'*'.repeat(member.pointers)}` : ''}${member.arrays.join('')}`;
    return [{ ...leaf(tag === 'enum' ? 'enum-member' : 'member', member.name.text, detail, inDocument(placed, member), inDocument(placed, member.name)), children: inner }];
  });
}

/** Maps that no earlier item used; a macro's parameters are none. */
function mapsOf(placed: PlacedItem, seen: Set<string>): OutlineEntry[] {
  const found: MapAccess[] = [];
  const params = placed.item.kind === 'macro' ? placed.item.params.map((p) => p.name) : [];
  walk(placed.item, (node) => {
    if (node.kind !== 'map' || seen.has(node.name) || params.includes(node.name)) return;
    seen.add(node.name);
    found.push(node);
  });
  return found.map((node) => leaf('map', node.name, '', inDocument(placed, node), inDocument(placed, node.nameSpan)));
}
