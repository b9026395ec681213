import type { State } from '../analysis/check/state.ts';
import { checkExpression, checkItem, checkStatement, checkType } from './constructs.ts';
import { checkBuiltin, checkCall, checkConfigKeys, checkProvider } from './names.ts';
import { visitItem } from './walk.ts';

/**
 * What another version of bpftrace has and this one has not: constructs, functions, builtins, kinds of probes,
 * settings. Each finding says since when it exists and how to write it here.
 */
export function checkVersions(state: State): void {
  for (const { item, start } of state.document.items) {
    state.base = start;
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
  }
}
