import type { Call, MapAccess } from '../../syntax/ast.ts';
import { shift } from '../../../../base/span.ts';
import { literalOf } from './literals.ts';
import { mapName } from './maps.ts';
import { fault, mapState, type State } from './state.ts';

/** A histogram has one set of buckets: all that is assigned to a map must ask for the same. */
export function checkBounds(state: State, map: MapAccess, call: Call): void {
  const { text } = call.callee;
  if (text !== 'hist' && text !== 'lhist') return;
  const name = mapName(state, map);
  if (name === undefined) return;
  const bounds = `${text} ${call.args.slice(1).map((arg) => String(literalOf(state, arg))).join(', ')}`;
  const known = mapState(state, name);
  known.bounds ??= { text: bounds, at: shift(call, state.base) };
  if (known.bounds.text === bounds || !known.bounds.text.startsWith(`${text} `)) return;
  state.found.told.add(name);
  fault(state, 'wrong-arguments', call, `All of ${name} must have the same buckets; ${text}() has others elsewhere.`, { evidence: [{ span: known.bounds.at, message: 'the first ones' }] });
}
