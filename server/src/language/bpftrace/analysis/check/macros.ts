import { shift } from '../../../../base/span.ts';
import type { Call, Expr, Macro } from '../../syntax/ast.ts';
import type { Draft } from '../symbols/draft.ts';
import { unknown, type BtType } from '../types.ts';
import { bare } from '../../syntax/walk.ts';
import { blockValue } from './blocks.ts';
import { fault, textOf, type Expansion, type State } from './state.ts';
import { plural } from './words.ts';

/** How deep macros may call each other. */
const MAX_DEPTH = 32;

/** A call of the program's own macro: its body is checked with the arguments in place of the parameters. */
export function expandMacro(state: State, call: Call, draft: Draft): BtType {
  const found = macroOf(state, draft, call.args.length);
  if (!found) return unknown;
  for (const arg of call.args) {
    const at = bare(arg);
    // A whole map is no value.
    if (at.kind !== 'map' || at.keys !== undefined) state.visit(arg);
  }
  if (!argumentsFit(state, call, found.macro)) return unknown;
  if (state.expansions.some((e) => e.macro === draft) || state.expansions.length >= MAX_DEPTH) {
    fault(state, 'recursive-macro', call, `Macro ${draft.name} would expand into itself without end.`);
    return unknown;
  }
  if (state.expansionsLeft-- <= 0) return unknown;
  return inBody(state, found.macro, found.start, { macro: draft, at: shift(call, state.base), args: argumentMap(state, call, found.macro) });
}

/** The macro of that name; several may differ in their number of parameters. */
function macroOf(state: State, draft: Draft, count: number): { readonly macro: Macro; readonly start: number } | undefined {
  let any: { readonly macro: Macro; readonly start: number } | undefined;
  for (const { item, start } of state.document.items) {
    if (item.kind !== 'macro' || item.name.text !== draft.name) continue;
    any ??= { macro: item, start };
    if (item.params.length === count) return { macro: item, start };
  }
  return any;
}

function argumentsFit(state: State, call: Call, macro: Macro): boolean {
  if (macro.params.length !== call.args.length) {
    fault(state, 'wrong-arguments', call, `Macro ${macro.name.text} takes ${plural(macro.params.length, 'argument')}, not ${call.args.length}.`);
    return false;
  }
  for (const [i, param] of macro.params.entries()) {
    const arg = call.args[i];
    if (!arg) continue;
    const at = bare(arg);
    if (param.kind === 'variable' && at.kind !== 'variable') return wrong(state, arg, macro, param.name, 'a variable');
    if (param.kind === 'map' && !(at.kind === 'map' && at.keys === undefined)) return wrong(state, arg, macro, param.name, 'a whole map');
  }
  return true;
}

function wrong(state: State, arg: Expr, macro: Macro, param: string, wanted: string): false {
  fault(state, 'wrong-arguments', arg, `Macro ${macro.name.text} changes its parameter ${param}, so it needs ${wanted} here, not ${textOf(state, arg)}.`);
  return false;
}

function argumentMap(state: State, call: Call, macro: Macro): Expansion['args'] {
  const args = new Map<string, { expr: Expr; base: number; depth: number }>();
  for (const [i, param] of macro.params.entries()) {
    const expr = call.args[i];
    if (expr) args.set(param.name, { expr: bare(expr), base: state.base, depth: state.expansions.length });
  }
  return args;
}

function inBody(state: State, macro: Macro, start: number, expansion: Expansion): BtType {
  const { base } = state;
  bindParameters(state, macro, expansion);
  state.expansions.push(expansion);
  state.base = start;
  const type = blockValue(state, macro.body);
  state.base = base;
  state.expansions.pop();
  return type;
}

/** `$v` as a parameter is the caller's variable itself; the body's own variables start anew with each call. */
function bindParameters(state: State, macro: Macro, expansion: Expansion): void {
  for (const draft of state.names.in(macro).locals) if (draft.kind === 'variable') state.found.variables.delete(draft);
  for (const param of macro.params) {
    if (param.kind !== 'variable') continue;
    const arg = expansion.args.get(param.name)?.expr;
    const from = arg ? state.names.of.get(arg) : undefined;
    const own = state.names.of.get(param);
    const known = from ? state.found.variables.get(from) : undefined;
    if (own && known) state.found.variables.set(own, known);
  }
}

/** Type of a macro's parameter inside its body. */
export function typeOfParameter(state: State, name: string): BtType | undefined {
  const arg = state.expansions.at(-1)?.args.get(name);
  return arg ? (state.found.types.get(arg.expr) ?? unknown) : undefined;
}
