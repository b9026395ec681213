import type { Span } from '../../../base/span.ts';
import type { Node } from '../syntax/ast.ts';
import type { Document, PlacedItem } from '../syntax/document.ts';
import { walk } from '../syntax/walk.ts';

/** What the tree knows of tokens that the tokens alone do not tell; by offset in the document. */
export interface Roles {
  /** Stretches that are kept as they are: attach points, C, and every item with faults. */
  readonly opaque: readonly Span[];
  /** Operators with an operand on both sides. */
  readonly binary: ReadonlySet<number>;
  /** `++` and `--` behind their operand. */
  readonly postfix: ReadonlySet<number>;
  /** The slashes around predicates, and whether each opens one. */
  readonly slashes: ReadonlyMap<number, 'open' | 'close'>;
  /** Where top-level items begin. */
  readonly itemStarts: ReadonlySet<number>;
  /** Items that must not be touched, not even around. */
  readonly untouched: readonly PlacedItem[];
}

/** Kinds of items whose inside is no bpftrace: it is kept as it was written. */
const VERBATIM: readonly string[] = ['directive', 'c-type', 'import', 'bad-item'];

interface Notes {
  readonly opaque: Span[];
  readonly binary: Set<number>;
  readonly postfix: Set<number>;
  readonly slashes: Map<number, 'open' | 'close'>;
}

export function rolesOf(document: Document): Roles {
  const notes: Notes = { opaque: [], binary: new Set(), postfix: new Set(), slashes: new Map() };
  const untouched: PlacedItem[] = [];
  for (const placed of document.items) {
    const faulty = placed.faults.length > 0 || placed.item.kind === 'bad-item';
    if (faulty) untouched.push(placed);
    if (faulty || VERBATIM.includes(placed.item.kind)) {
      notes.opaque.push({ start: placed.start, end: placed.end });
      continue;
    }
    walk(placed.item, (node) => note(node, placed.start, notes));
  }
  return { ...notes, itemStarts: new Set(document.items.map((placed) => placed.start)), untouched };
}

function note(node: Node, base: number, into: Notes): void {
  if (node.kind === 'attach-point') into.opaque.push({ start: base + node.start, end: base + node.end });
  else if (node.kind === 'binary' || node.kind === 'assign') into.binary.add(base + node.opSpan.start);
  else if (node.kind === 'update' && !node.prefix) into.postfix.add(base + node.end - 2);
  else if (node.kind === 'probe' && node.predicateSpan) {
    into.slashes.set(base + node.predicateSpan.start, 'open');
    into.slashes.set(base + node.predicateSpan.end - 1, 'close');
  }
}
