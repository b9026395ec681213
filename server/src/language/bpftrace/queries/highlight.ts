import type { Span } from '../../../base/span.ts';
import type { Analysis, Sym } from '../analysis/analysis.ts';
import type { AttachPoint, Item, Node } from '../syntax/ast.ts';
import type { PlacedItem } from '../syntax/document.ts';
import { inDocument, walk } from '../syntax/walk.ts';

/** Roles of names, by the words of LSP's semantic tokens. */
export const HIGHLIGHTS = ['namespace', 'event', 'variable', 'parameter', 'property', 'function', 'macro', 'struct', 'enum', 'enumMember', 'type', 'keyword', 'number', 'string', 'operator'] as const;
export const MODIFIERS = ['declaration', 'modification', 'readonly', 'static', 'deprecated', 'defaultLibrary'] as const;

export interface Highlight extends Span {
  readonly role: (typeof HIGHLIGHTS)[number];
  readonly modifiers: readonly (typeof MODIFIERS)[number][];
}

const ROLE_OF_SYMBOL: Readonly<Record<Sym['kind'], Highlight['role']>> = {
  map: 'variable',
  variable: 'variable',
  macro: 'macro',
  'macro-parameter': 'parameter',
  function: 'function',
  parameter: 'parameter',
  struct: 'struct',
  member: 'property',
  enum: 'enum',
  'enum-member': 'enumMember',
  define: 'macro',
  typedef: 'type',
};

/** Names and what they are, by place, none overlapping. Colours of literals and keywords are the grammar's affair. */
export function highlights(analysis: Analysis): Highlight[] {
  const found = new Map<number, Highlight>();
  const add = (span: Span, role: Highlight['role'], ...modifiers: Highlight['modifiers'][number][]): void => {
    if (span.end > span.start && !found.has(span.start)) found.set(span.start, { start: span.start, end: span.end, role, modifiers });
  };
  for (const sym of analysis.symbols.all) for (const reference of sym.references) add(reference.span, ROLE_OF_SYMBOL[sym.kind], ...modifiersOf(sym, reference.access));
  for (const placed of analysis.document.items) walk(placed.item, (node) => highlightNode(placed, node, add));
  return withoutOverlaps([...found.values()].toSorted((a, b) => a.start - b.start));
}

function modifiersOf(sym: Sym, access: 'read' | 'write' | 'declare'): Highlight['modifiers'] {
  const own: Highlight['modifiers'][number][] = sym.kind === 'map' ? ['static'] : sym.kind === 'define' || sym.kind === 'enum-member' ? ['readonly'] : [];
  return access === 'declare' ? [...own, 'declaration'] : access === 'write' ? [...own, 'modification'] : own;
}

type Add = (span: Span, role: Highlight['role'], ...modifiers: Highlight['modifiers'][number][]) => void;

/** What the symbol table does not hold: names of bpftrace and of the kernel. */
function highlightNode(placed: PlacedItem, node: Node, add: Add): void {
  const at = (span: Span): Span => inDocument(placed, span);
  switch (node.kind) {
    case 'attach-point':
      return attachPoint(placed, node, add);
    case 'identifier':
      return add(at(node), 'variable', 'readonly', 'defaultLibrary');
    case 'positional':
      return add(at(node), 'parameter', 'readonly');
    case 'call':
      return add(at(node.callee), 'function', 'defaultLibrary');
    case 'field':
      return add(at(node.name), 'property', 'readonly');
    case 'offsetof':
      return node.path.forEach((name) => add(at(name), 'property', 'readonly'));
    case 'type':
      return add(at(node.name), node.tag === 'struct' || node.tag === 'union' ? 'struct' : node.tag === 'enum' ? 'enum' : 'type', 'defaultLibrary');
    default:
      return itemNames(placed, node, add);
  }
}

function itemNames(placed: PlacedItem, node: Node, add: Add): void {
  if (node.kind === 'config') for (const { name } of (node satisfies Item).entries) add(inDocument(placed, name), 'property', 'static');
  else if (node.kind === 'map-decl') add(inDocument(placed, node.type), 'type', 'defaultLibrary');
}

function attachPoint(placed: PlacedItem, node: AttachPoint, add: Add): void {
  add(inDocument(placed, node.provider), 'keyword');
  node.parts.forEach((part, i) => add(inDocument(placed, part), i < node.parts.length - 1 ? 'namespace' : 'event'));
}

function withoutOverlaps(sorted: readonly Highlight[]): Highlight[] {
  let end = 0;
  return sorted.filter((highlight) => {
    const free = highlight.start >= end;
    if (free) end = highlight.end;
    return free;
  });
}
