import { shift } from '../../../../base/span.ts';
import type { Item } from '../../syntax/ast.ts';
import { faultAt, type State } from './state.ts';

/** C comes first, then settings, then everything else. */
const RANKS: Readonly<Record<Item['kind'], number>> = { directive: 0, 'c-type': 0, 'bad-item': -1, config: 1, import: 2, 'map-decl': 2, macro: 2, func: 2, probe: 2 };

/** Reports C definitions and settings that stand behind probes, where bpftrace does not read them. */
export function checkOrder(state: State): void {
  let highest = 0;
  for (const { item, start } of state.document.items) {
    const rank = RANKS[item.kind];
    if (rank >= highest) highest = rank;
    else if (rank >= 0) {
      const name = 'name' in item && typeof item.name === 'object' ? item.name : undefined;
      const span = shift({ start: item.start, end: name ? name.end : item.kind === 'config' ? item.start + 'config'.length : item.end }, start);
      faultAt(state, 'misplaced', span, item.kind === 'config' ? 'The config block must stand before probes, macros and functions.' : 'C definitions must stand before the config block and the first probe.');
    }
  }
}
