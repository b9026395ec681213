import type { Overload } from '../../catalogue.ts';
import type { Call } from '../../syntax/ast.ts';
import { sizeOf } from '../ctypes/convert.ts';
import { typeFromText } from '../ctypes/text.ts';
import { none, uint64, unknown, type BtType } from '../types.ts';
import { bare } from '../../syntax/walk.ts';
import { literalOf } from './literals.ts';
import { isInteger, isPointer, isSigned } from './relations.ts';
import type { State } from './state.ts';

/** Bytes that head a buffer in an event. */
const BUFFER_HEADER = 4;

/** What a call gives; the catalogue's word for it where the arguments do not decide. */
export function returnType(state: State, call: Call, overload: Overload, types: readonly BtType[]): BtType {
  const first = types[0] ?? unknown;
  switch (call.callee.text) {
    case 'str':
      return { kind: 'string', size: lengthOf(state, call, 1, 1) };
    case 'path':
      return { kind: 'string', size: lengthOf(state, call, 1, 0) };
    case 'buf':
      return { kind: 'buffer', size: call.args.length === 1 ? sizeOf(first) : lengthOf(state, call, 1, 0, state.settings.maxStrlen - BUFFER_HEADER) };
    case 'bswap':
      return isInteger(first) ? { kind: 'integer', bits: first.bits, signed: false } : uint64;
    case 'kptr':
    case 'uptr':
      return isPointer(first) ? { ...first, space: call.callee.text === 'kptr' ? 'kernel' : 'user' } : first;
    case 'pton':
      return { kind: 'array', of: () => ({ kind: 'integer', bits: 8, signed: false }), length: String(literalOf(state, call.args[0] ?? { kind: 'missing', start: 0, end: 0 })).includes(':') ? 16 : 4 };
    case 'kstack':
    case 'ustack':
      return stackOf(call.callee.text, call, state);
    case 'exit':
      // Newer versions take it for something that never returns.
      return state.rules.modern ? none : { kind: 'void' };
    default:
      return byWord(state, overload.returns, first);
  }
}

function byWord(state: State, word: string, first: BtType): BtType {
  if (word === 'same') return first;
  const type = typeFromText(word, state.types);
  if (type.kind !== 'aggregation') return type;
  // avg and stats were always signed before types had a pass of their own.
  const signed = type.of === 'count' ? true : isSigned(first) || (!state.rules.modern && (type.of === 'avg' || type.of === 'stats'));
  return { ...type, signed };
}

function stackOf(kind: 'kstack' | 'ustack', call: Call, state: State): BtType {
  let mode: string | undefined;
  let frames: number | undefined;
  for (const arg of call.args) {
    const at = bare(arg);
    const value = literalOf(state, arg);
    if (at.kind === 'identifier' && value === undefined) mode = at.name;
    else if (typeof value === 'bigint') frames = Number(value);
  }
  return { kind, mode: mode ?? state.settings.stackMode, ...(frames === undefined ? {} : { frames }) };
}

/** Length given as an argument with room for the closing NUL, or the most that is read. */
function lengthOf(state: State, call: Call, index: number, extra: number, most = state.settings.maxStrlen): number {
  const arg = call.args[index];
  const value = arg ? literalOf(state, arg) : undefined;
  return typeof value === 'bigint' && state.rules.modern ? Math.min(Number(value) + extra, most) : typeof value === 'bigint' && extra === 0 ? Math.min(Number(value), most) : most;
}

export function isMonotonic(call: Call): boolean {
  const arg = call.args[0];
  const at = arg ? bare(arg) : undefined;
  return call.callee.text === 'nsecs' && at?.kind === 'identifier' && at.name === 'monotonic';
}

