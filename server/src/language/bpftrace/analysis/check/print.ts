import type { Call } from '../../syntax/ast.ts';
import type { BtType } from '../types.ts';
import { bare } from '../../syntax/walk.ts';
import { isPointer } from './relations.ts';
import { fault, textOf, type State } from './state.ts';
import { say } from './words.ts';

/** `print` takes a whole map, or any value that can be copied out. */
export function checkPrint(state: State, call: Call, types: readonly BtType[]): void {
  const arg = call.args[0];
  const type = types[0];
  if (!arg || !type) return;
  const at = bare(arg);
  if (at.kind === 'map') {
    if (at.keys && !state.rules.printsMapValues) {
      fault(state, 'wrong-arguments', arg, `A single value of a map cannot be printed in this version: print the whole map, or use printf().`, { repairs: [{ title: `Print all of ${at.name}`, sure: false, edits: [{ span: { start: state.base + arg.start, end: state.base + arg.end }, newText: at.name }] }] });
    } else if (at.keys && state.rules.modern && type.kind === 'aggregation' && (type.of === 'hist' || type.of === 'lhist' || type.of === 'stats' || type.of === 'tseries') && call.args.length > 1) {
      fault(state, 'wrong-arguments', call, 'Only a whole map takes further arguments.');
    }
    return;
  }
  if (call.args.length > 1) return fault(state, 'wrong-arguments', call.args[1] ?? call, 'Only a whole map takes further arguments; for other values print() takes one.');
  if (!isPrintable(state, type)) fault(state, 'type-mismatch', arg, `${textOf(state, arg)} is ${say(type)}, which print() cannot print.${isPointer(type) ? ' Use printf("%p", …), or str() for text.' : ''}`);
}

function isPrintable(state: State, type: BtType): boolean {
  if (type.kind === 'void' || type.kind === 'stack-mode' || type.kind === 'timestamp-mode') return false;
  if (isPointer(type)) return state.rules.printsPointers && !type.context;
  return true;
}
