import { shift, type Span } from '../../../base/span.ts';
import type { Item } from './ast.ts';
import type { Document, Fault, PlacedItem } from './document.ts';

/** Everything wrong with the text of a program, in its own offsets and in order. */
export function allFaults({ items }: Document): Fault[] {
  const own = items.flatMap(({ start, faults }) => faults.map((fault) => placed(fault, start)));
  return [...own, ...orderFaults(items)].toSorted((a, b) => a.span.start - b.span.start);
}

function placed(fault: Fault, by: number): Fault {
  return {
    ...fault,
    span: shift(fault.span, by),
    evidence: fault.evidence.map((evidence) => ({ ...evidence, span: shift(evidence.span, by) })),
    ...(fault.repair && { repair: { ...fault.repair, span: shift(fault.repair.span, by) } }),
  };
}

/** What must stand before what: C, then the configuration and the imports, then the rest (0.17 and 0.27). */
const RANK: Readonly<Partial<Record<Item['kind'], number>>> = { directive: 0, 'c-type': 0, import: 1, config: 1, 'map-decl': 2, macro: 2, func: 2, probe: 2 };
const MESSAGE = ['C definitions stand at the top of a program, before everything else.', 'This stands before the first probe, function, macro and map.'];

function orderFaults(items: readonly PlacedItem[]): Fault[] {
  const found: Fault[] = [];
  let highest: PlacedItem | undefined;
  let config: PlacedItem | undefined;
  for (const item of items) {
    const rank = rankOf(item);
    if (rank === undefined) continue;
    if (highest && rank < (rankOf(highest) ?? 0)) found.push(misplaced(item, MESSAGE[rank] ?? '', highest, 'This stands before it.'));
    else highest = item;
    if (item.item.kind !== 'config') continue;
    if (config) found.push(misplaced(item, 'A program has one config block.', config, 'This is the first.'));
    config ??= item;
  }
  return found;
}

function rankOf({ item }: PlacedItem): number | undefined {
  return RANK[item.kind];
}

function misplaced({ start, end, item }: PlacedItem, message: string, other: PlacedItem, about: string): Fault {
  return { code: 'syntax-error', message, span: head({ start, end }, item), evidence: [{ span: head(other, other.item), message: about }] };
}

/** The first line says enough. */
function head({ start, end }: Span, item: Item): Span {
  if (item.kind === 'probe') return shift(item.header, start);
  const text = 'text' in item ? item.text.search(/[\r\n]/) : -1;
  return { start, end: text < 0 ? end : start + text };
}
