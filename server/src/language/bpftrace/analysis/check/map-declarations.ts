import { shift } from '../../../../base/span.ts';
import type { Expr } from '../../syntax/ast.ts';
import { nearest } from '../../../../base/near.ts';
import { faultAt, type State } from './state.ts';
import { either } from './words.ts';

const KINDS = ['hash', 'lruhash', 'percpuhash', 'percpulruhash'];

/** `let @a = lruhash(100);`: only these kinds of maps can be chosen. */
export function checkMapDeclarations(state: State): void {
  for (const { item, start } of state.document.items) {
    if (item.kind !== 'map-decl' || item.type.text === '') continue;
    if (KINDS.includes(item.type.text)) {
      if (!isSize(item.args)) faultAt(state, 'wrong-arguments', shift(item.type, start), `${item.type.text} wants the greatest number of elements, written out: ${item.type.text}(4096).`);
      continue;
    }
    const near = nearest(item.type.text, KINDS)[0];
    const span = shift(item.type, start);
    faultAt(state, 'unknown-type', span, `There is no kind of map called ${item.type.text}: ${either(KINDS)}.`, near === undefined ? {} : { repairs: [{ title: `Replace with ${near}`, sure: false, edits: [{ span, newText: near }] }] });
  }
}

/** One number: nothing else is read here. */
function isSize(args: readonly Expr[]): boolean {
  const [size] = args;
  return args.length === 1 && size !== undefined && (size.kind === 'missing' || size.kind === 'integer');
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
