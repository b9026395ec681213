import { nothingFound, type State } from '../analysis/check/state.ts';
import { withPlaces, type Problem } from '../problem.ts';
import { shift } from '../../../base/span.ts';
import type { Item } from '../syntax/ast.ts';
import type { PlacedItem } from '../syntax/document.ts';
import { checkExpression, checkItem, checkStatement, checkType } from './constructs.ts';
import { checkBuiltin, checkCall, checkConfigKeys, checkProvider } from './names.ts';
import { visitItem } from './walk.ts';

/**
 * What another version of bpftrace has and this one has not: constructs, functions, builtins, kinds of probes,
 * settings. Each finding says since when it exists and how to write it here. `known`: what was found of items before,
 * with places that count from the item's start.
 */
export function checkVersions(state: State, known: WeakMap<Item, readonly Problem[]>): readonly Problem[] {
  return state.document.items.flatMap((placed) => {
    const { item, start, end } = placed;
    const before = known.get(item);
    if (before) return before.length === 0 ? [] : before.map((problem) => withPlaces(problem, (span) => shift(span, start)));
    const found = checkPlaced(state, placed);
    let inside = true;
    const relative = found.map((problem) => withPlaces(problem, (span) => {
      inside &&= start <= span.start && span.end <= end;
      return shift(span, -start);
    }));
    if (inside) known.set(item, relative);
    return found;
  });
}

function checkPlaced(state: State, { item, start }: PlacedItem): readonly Problem[] {
  state.base = start;
  state.found = nothingFound();
  checkItem(state, item);
  if (item.kind === 'config') checkConfigKeys(state, item);
  if (item.kind === 'probe') for (const point of item.attachPoints) checkProvider(state, point);
  visitItem(item, {
    statement: (node, around) => checkStatement(state, node, around),
    expression: (node) => {
      checkExpression(state, node);
      if (node.kind === 'identifier') checkBuiltin(state, node);
      else if (node.kind === 'call') checkCall(state, node);
    },
    type: (node) => checkType(state, node),
  });
  return [...state.found.problems.values()];
}
