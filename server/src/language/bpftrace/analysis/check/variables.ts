import { shift, type Span } from '../../../../base/span.ts';
import type { Variable } from '../../syntax/ast.ts';
import type { Draft } from '../symbols/draft.ts';
import { none, unknown, type BtType } from '../types.ts';
import { exceeds } from './literals.ts';
import { fitsInto, holds, isInteger, isUnknown, joinKnown, sameIntegers, sameKind } from './relations.ts';
import { early, fault, type State, type VariableState } from './state.ts';
import { say, sayExactly } from './words.ts';

export function readVariable(state: State, variable: Variable): BtType {
  const draft = state.names.of.get(variable);
  // Reported where names are bound.
  if (!draft) return unknown;
  const known = state.found.variables.get(draft);
  if (!known) {
    if (draft.assigned === false) fault(state, 'undefined-variable', variable, `${draft.name} never gets a value, so it has no type.`);
    return none;
  }
  known.read = true;
  return known.type;
}

/** `let $x: T`: the type is fixed, unless it leaves a length open. */
export function declareVariable(state: State, draft: Draft, type: BtType): void {
  const open = (type.kind === 'string' || type.kind === 'buffer') && type.size === 0;
  state.found.variables.set(draft, { type, resizable: open, read: false });
}

export function assignVariable(state: State, variable: Variable, type: BtType, at: Span, literal?: bigint): void {
  const draft = state.names.of.get(variable);
  if (!draft || type.kind === 'unknown') return;
  const known = state.found.variables.get(draft);
  if (!known || isUnknown(known.type)) {
    if (type.kind === 'none') return;
    state.found.variables.set(draft, { type, resizable: true, read: false, literals: literal === undefined ? undefined : [literal, literal] });
    if (known?.read) state.variableChanged = true;
    return;
  }
  if (type.kind === 'none') {
    early(state, 'type-mismatch', at);
    return;
  }
  if (exceeds(state, known.type, literal) || (!(literal !== undefined && holds(known.type, literal)) && !fits(state, known, type, literal))) return mismatch(state, draft, known, type, at);
  if (!known.resizable) return;
  const joined = joinKnown(known.type, known.literals, type, literal);
  known.literals = joined.literals;
  if (joined.type === known.type || sameIntegers(joined.type, known.type)) return;
  if (known.read) state.variableChanged = true;
  known.type = joined.type;
}

/** A declared integer takes every other since types have a pass of their own, converted with a warning; only of a literal it is asked that it fits. */
function fits(state: State, known: VariableState, type: BtType, literal: bigint | undefined): boolean {
  const has = known.type;
  if (isInteger(has) && isInteger(type) && state.rules.strictIntegers) return has.signed === type.signed && has.bits >= type.bits;
  if (isInteger(has) && isInteger(type)) return known.resizable || !state.rules.modern || literal === undefined;
  if (has.kind === 'string' && type.kind === 'string') return known.resizable || has.size === 0 || type.size <= has.size;
  if (has.kind === 'tuple' && type.kind === 'tuple' && !state.rules.modern) return fitsInto(type, has, state.rules.exactTuples);
  return sameKind(has, type, state.rules);
}

function mismatch(state: State, draft: Draft, known: VariableState, type: BtType, at: Span): void {
  const exact = known.type.kind === type.kind;
  fault(state, 'type-mismatch', at, `${draft.name} is ${exact ? sayExactly(known.type) : say(known.type)}; ${exact ? sayExactly(type) : say(type)} cannot be assigned to it.`, {
    evidence: [{ span: shift(draft.definition, state.starts.get(draft.home) ?? 0), message: `${draft.name} gets its type here` }],
  });
}

/** A variable of a loop or a parameter. */
export function setVariable(state: State, variable: Variable, type: BtType): void {
  const draft = state.names.of.get(variable);
  if (!draft) return;
  const known = state.found.variables.get(draft);
  state.found.variables.set(draft, { type, resizable: true, read: known?.read ?? false });
}
