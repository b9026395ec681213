import { shift } from '../../../../base/span.ts';
import { nearest } from '../../../../base/near.ts';
import { faultAt, type State } from './state.ts';
import { either } from './words.ts';

const KINDS = ['hash', 'lruhash', 'percpuhash', 'percpulruhash'];

/** `let @a = lruhash(100);`: only these kinds of maps can be chosen. */
export function checkMapDeclarations(state: State): void {
  for (const { item, start } of state.document.items) {
    if (item.kind !== 'map-decl' || KINDS.includes(item.type.text) || item.type.text === '') continue;
    const near = nearest(item.type.text, KINDS)[0];
    const span = shift(item.type, start);
    faultAt(state, 'unknown-type', span, `There is no kind of map called ${item.type.text}: ${either(KINDS)}.`, near === undefined ? {} : { repairs: [{ title: `Replace with ${near}`, sure: false, edits: [{ span, newText: near }] }] });
  }
}

/** Reports values that the declared kind of a map cannot hold; called when all types are known. */
export function checkDeclaredKinds(state: State): void {
  for (const { item, start } of state.document.items) {
    if (item.kind !== 'map-decl' || !KINDS.includes(item.type.text)) continue;
    const value = state.maps.get(item.map.name)?.value;
    if (!value || value.kind === 'unknown') continue;
    const perCpu = item.type.text.startsWith('percpu');
    const wantsPerCpu = value.kind === 'aggregation';
    if (perCpu === wantsPerCpu) continue;
    const message = wantsPerCpu ? `${item.map.name} holds ${value.of}() values, which need percpuhash or percpulruhash.` : `${item.map.name} holds plain values, for which hash or lruhash is right: only aggregations are kept per CPU.`;
    faultAt(state, 'type-mismatch', shift(item.type, start), message, { evidence: [] });
  }
}
