import { suggest } from '../suggest.ts';
import { builtin, func, functions, has, type BtFunction, type Overload } from '../../catalogue.ts';
import type { Call, Expr } from '../../syntax/ast.ts';
import { typeFromText } from '../ctypes/text.ts';
import { unknown, type BtType } from '../types.ts';
import { bare } from '../../syntax/walk.ts';
import { chooseOverload, visitArguments } from './arguments.ts';
import { typeOfIdentifier } from './builtins.ts';
import { checkValues } from './call-values.ts';
import { returnType } from './call-returns.ts';
import { checkFormat, FORMATTED } from './printf.ts';
import { checkPrint } from './print.ts';
import { expandMacro } from './macros.ts';
import { signatureOf } from './signatures.ts';
import { early, fault, replacement, type State } from './state.ts';
import { either } from './words.ts';

/** Where a call stands: aggregations only mean something as the value assigned to a map. */
export type CallPlace = 'value' | 'assigned-to-map';

export function typeOfCall(state: State, call: Call, place: CallPlace = 'value'): BtType {
  const name = call.callee.text;
  const declared = state.names.of.get(call) ?? (call.args.length === 0 ? state.names.globals.get(name) : undefined);
  if (declared?.kind === 'macro') return expandMacro(state, call, declared);
  if (declared?.kind === 'define') {
    fault(state, 'unknown-function', call.callee, `bpftrace does not expand a #define with parameters: write ${call.callee.text} as a macro, or its text here.`);
    return visitAll(state, call.args);
  }
  const entry = func(name);
  const word = builtin(name);
  // `pid()` is `pid`.
  if (call.args.length === 0 && word?.call && has(word.call, state.rules.version) && has(word, state.rules.version) && !(entry && has(entry, state.rules.version))) return typeOfIdentifier(state, { kind: 'identifier', name, start: call.callee.start, end: call.callee.end });
  if (!entry || (declared?.kind === 'function' && !has(entry, state.rules.version))) return unknownFunction(state, call, declared !== undefined);
  if (!has(entry, state.rules.version)) {
    visitAll(state, call.args);
    return typeFromText(entry.overloads[0]?.returns ?? 'unknown', state.types);
  }
  return checkCall(state, call, entry, place);
}

/** Older versions ask these for the type of their argument before later probes were read. */
const NEEDS_TYPE = new Set(['str', 'ksym', 'usym', 'bswap', 'ntop', 'kptr', 'uptr', 'macaddr']);

function isMapRead(arg: Expr | undefined): boolean {
  return arg !== undefined && ['map', 'variable'].includes(bare(arg).kind);
}

function checkCall(state: State, call: Call, entry: BtFunction, place: CallPlace): BtType {
  if (entry.unsafe && !state.options.unsafe) {
    fault(state, 'unsafe-function', call.callee, `${entry.name}() changes the system, so bpftrace runs it only with --unsafe.`);
  }
  allowedIn(state, call, entry);
  leavesLoop(state, call);
  if (entry.use === 'map-value' && place === 'value') {
    fault(state, 'misplaced', call, `${entry.name}() must be the whole value assigned to a map: @name = ${entry.name}(…).`);
    visitAll(state, call.args);
    return unknown;
  }
  const signature = signatureOf(entry, state.rules, call.args.length);
  const types = visitArguments(state, call, signature);
  if (NEEDS_TYPE.has(entry.name) && types.some((type, i) => type.kind === 'none' && isMapRead(call.args[i]))) early(state, 'wrong-arguments', call);
  const overload = chooseOverload(state, call, signature, types);
  if (!overload) return fallback(state, signature.overloads[0]);
  if (entry.name === 'print') checkPrint(state, call, types);
  else if (FORMATTED.has(entry.name)) checkFormat(state, call, types);
  else checkValues(state, call, types);
  return returnType(state, call, overload, types);
}

/** `exit()` returns from the probe, which the body of a `for` loop cannot do since 0.25. */
function leavesLoop(state: State, call: Call): void {
  if (call.callee.text === 'exit' && state.forLoops > 0 && state.rules.modern) fault(state, 'misplaced', call, 'exit() cannot be called inside a for loop: leave the loop with break, then call it.');
}

function fallback(state: State, overload: Overload | undefined): BtType {
  return overload && overload.returns !== 'same' ? typeFromText(overload.returns, state.types) : unknown;
}

function visitAll(state: State, args: readonly Expr[]): BtType {
  for (const arg of args) if (bare(arg).kind !== 'map') state.visit(arg);
  return unknown;
}

function allowedIn(state: State, call: Call, entry: BtFunction): void {
  for (const { provider } of state.place.attachPoints) {
    if (provider === undefined) continue;
    if (entry.notProbes?.includes(provider)) return fault(state, 'misplaced', call.callee, `${entry.name}() cannot be called in ${provider} probes.`);
    if (entry.probes && !entry.probes.includes(provider)) return fault(state, 'misplaced', call.callee, `${entry.name}() can only be called in ${either(entry.probes)} probes, not in ${provider}.`);
  }
}

function callable(state: State): readonly string[] {
  const macros = [...state.names.globals.values()].filter((d) => d.kind === 'macro').map((d) => d.name);
  return [...macros, ...functions.filter((f) => has(f, state.rules.version)).map((f) => f.name)];
}

function unknownFunction(state: State, call: Call, own: boolean): BtType {
  visitAll(state, call.args);
  if (own) {
    fault(state, 'unknown-function', call.callee, `${call.callee.text} is defined with fn, and bpftrace cannot call such functions yet. Make it a macro.`);
    return unknown;
  }
  if (state.types.includes && /^[A-Z_]+$/.test(call.callee.text)) return unknown;
  const near = suggest(state.suggestions, call.callee.text, () => callable(state));
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  fault(state, 'unknown-function', call.callee, `There is no function ${call.callee.text}.${hint}`, near === undefined ? {} : { repairs: [replacement(state, call.callee, near)] });
  return unknown;
}
