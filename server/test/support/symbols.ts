import { walk } from '../../src/language/bpftrace/syntax/walk.ts';
import type { Document, PlacedItem } from '../../src/language/bpftrace/syntax/document.ts';

/** The attach points and the names of maps in a document, or in some of its items. */
export function symbolsOf({ items }: Document, which: (placed: PlacedItem) => boolean = () => true): Set<string> {
  const found = new Set<string>();
  for (const placed of items.filter(which)) {
    walk(placed.item, (node) => {
      if (node.kind === 'attach-point') found.add(node.text);
      else if (node.kind === 'map') found.add(node.name);
    });
  }
  return found;
}
