import { shift } from '../../../base/span.ts';
import { withPlaces, type Problem } from '../problem.ts';
import type { Expr, Func, Item, Probe } from '../syntax/ast.ts';
import type { Document } from '../syntax/document.ts';
import { checkVersions } from '../versions/check.ts';
import type { Analysis, AnalysisOptions, AttachPointInfo, ProbeInfo } from './analysis.ts';
import { checkBlock } from './check/blocks.ts';
import { checkConfig } from './check/config.ts';
import { typeOfExpr } from './check/expressions.ts';
import { checkDeclaredKinds, checkMapDeclarations } from './check/map-declarations.ts';
import { requireCondition } from './check/operators.ts';
import { checkOrder } from './check/order.ts';
import { checkPreamble } from './check/preamble.ts';
import { fault, keyOf, nothingFound, type Found, type Place, type State } from './check/state.ts';
import { typeOfRef } from './check/type-refs.ts';
import { setVariable } from './check/variables.ts';
import { checkPiece, type Piece } from './piece.ts';
import { startsOf } from './places.ts';
import { spaceOf } from './probes/args.ts';
import { checkAttachPoints, checkIterators, checkOnce } from './probes/check.ts';
import { probesOf } from './probes/probe-info.ts';
import { sharedOf, type Shared } from './shared.ts';
import { MAX_SUGGESTIONS } from './suggest.ts';
import { symbolsOf } from './symbols/finish.ts';
import { symbolTable } from './symbols/table.ts';
import type { BtType } from './types.ts';

/** What one pass found, outside of probes and functions and in each of them. */
interface Checked {
  readonly outside: Found;
  readonly parts: ReadonlyMap<Item, Part>;
}

interface Part {
  readonly piece: Piece;
  /** With its places in this document. */
  readonly found: Found;
}

/** Types settle after two passes in almost every program; each further one follows a chain of maps one step. */
const MAX_PASSES = 8;

/** Macros that call macros twice each would double with every level. */
const MAX_EXPANSIONS = 2_000;

const OUTSIDE: Place = { attachPoints: [], space: 'kernel', args: () => undefined };

/**
 * Everything that is known of a program without running anything. Pure; never throws for any document. `previous`: an
 * analysis of an earlier version, from which is taken what still holds; the result is the same without.
 */
export function analyze(document: Document, options: AnalysisOptions, previous?: Analysis): Analysis {
  const shared = sharedOf(document, options, previous?.shared);
  const probes = probesOf(document, shared);
  const state = newState(document, shared);
  let checked: Checked = { outside: nothingFound(), parts: new Map() };
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    startPass(state);
    checked = checkDocument(state, shared, probes, checked.parts);
    state.firstPass = false;
    if (!state.changed) break;
  }
  state.found = checked.outside;
  checkDeclaredKinds(state);
  const versions = checkVersions(state, shared.versions);
  return {
    document, options, shared, probes,
    problems: allProblems(state, checked, versions),
    symbols: symbolTable(() => symbolsOf(state, [checked.outside, ...[...checked.parts.values()].map(({ found }) => found)])),
    typeOf: typesByNode(checked),
    pieceOf: (probe) => checked.parts.get(probe)?.piece,
  };
}

/** So many types are looked for part by part; who asks for more asks for many, and they are put together. */
const MAX_SEARCHES = 50;

function typesByNode({ outside, parts }: Checked): Analysis['typeOf'] {
  const all = [outside, ...[...parts.values()].map(({ found }) => found)].map(({ types }) => types);
  let searches = 0;
  let together: Map<Expr, BtType> | undefined;
  return (node) => {
    if (searches++ < MAX_SEARCHES) return all.findLast((types) => types.has(node))?.get(node);
    together ??= new Map(all.flatMap((types) => [...types]));
    return together.get(node);
  };
}

/** By place; the same at the same place is told once. */
function allProblems(state: State, { outside, parts }: Checked, versions: readonly Problem[]): readonly Problem[] {
  const { names, document } = state;
  const all = new Map(outside.problems);
  const add = (problem: Problem): void => {
    const key = keyOf(problem);
    if (!all.has(key)) all.set(key, problem);
  };
  for (const { found } of parts.values()) for (const problem of found.problems.values()) add(problem);
  for (const problem of versions) add(problem);
  const bound = document.items.flatMap(({ item, start }) => names.in(item).problems.map((problem) => withPlaces(problem, (span) => shift(span, start))));
  return [...all.values(), ...keptProblems(all, state.kept), ...bound].toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/** What was said in the first pass only; a map that nobody assigns is told of as such. */
function keptProblems(problems: ReadonlyMap<string, Problem>, kept: ReadonlyMap<string, Problem>): readonly Problem[] {
  const told = [...problems.values()].filter((p) => p.code === 'undefined-map');
  return [...kept.values()].filter((k) => !told.some((p) => p.span.start >= k.span.start && p.span.end <= k.span.end));
}

/** A type checker that knows nothing yet of the maps and variables of a document. */
export function newState(document: Document, { options, rules, types, settings, names }: Shared): State {
  const state: State = {
    document, options, rules, types, settings, names,
    starts: startsOf(document),
    maps: new Map(),
    found: nothingFound(),
    changed: false,
    variableChanged: false,
    base: 0,
    place: OUTSIDE,
    loops: 0,
    format: undefined,
    forLoops: 0,
    firstPass: true,
    kept: new Map(),
    suggestions: { left: 0 },
    expansionsLeft: 0,
    expansions: [],
    visit: (expr) => {
      const type = typeOfExpr(state, expr);
      state.found.types.set(expr, type);
      return type;
    },
  };
  // Macros are entered from other items.
  for (const { item } of document.items) names.in(item);
  return state;
}

/** Types of maps stay from pass to pass; what was said is said anew. */
function startPass(state: State): void {
  state.changed = false;
  state.suggestions.left = MAX_SUGGESTIONS;
  state.expansionsLeft = MAX_EXPANSIONS;
  for (const map of state.maps.values()) map.read = false;
}

function checkDocument(state: State, shared: Shared, probes: readonly ProbeInfo[], before: Checked['parts']): Checked {
  const outside = (state.found = nothingFound());
  const parts = new Map<Item, Part>();
  checkPreamble(state);
  checkMapDeclarations(state);
  checkOrder(state);
  const once = new Map<string, AttachPointInfo>();
  let next = 0;
  for (const { item, start } of state.document.items) {
    state.base = start;
    const info = item.kind === 'probe' ? probes[next++] : undefined;
    if (item.kind === 'config') checkConfig(state, item);
    for (const point of info?.attachPoints ?? []) checkOnce(state, point, once);
    const check = item.kind === 'func' ? () => checkFunction(state, item) : item.kind === 'probe' && info ? () => checkProbe(state, item, info) : undefined;
    if (!check) continue;
    const piece = checkPiece(state, item, shared.pieces, before.get(item)?.piece, check);
    for (const [key, problem] of state.found.kept) state.kept.set(key, problem);
    parts.set(item, { piece, found: state.found });
    state.found = outside;
  }
  state.place = OUTSIDE;
  return { outside, parts };
}

function checkProbe(state: State, probe: Probe, info: ProbeInfo): void {
  const { attachPoints } = info;
  state.place = { probe, attachPoints, space: spaceOf(attachPoints), args: () => info.args };
  checkAttachPoints(state, attachPoints);
  checkIterators(state, attachPoints);
  settle(state, () => {
    if (probe.predicate) requireCondition(state, probe.predicate, state.visit(probe.predicate), 'a predicate');
    checkBlock(state, probe.body);
  });
}

/** Types of variables settle where they live: only maps make another pass over the whole program necessary. */
function settle(state: State, check: () => void): void {
  const { problems, members, variables } = state.found;
  const told = problems.size;
  const read = new Set([...state.maps.values()].filter((map) => map.read));
  for (let n = 0; n < MAX_PASSES; n++) {
    state.variableChanged = false;
    check();
    if (!state.variableChanged || n + 1 === MAX_PASSES) return;
    for (const key of [...problems.keys()].slice(told)) problems.delete(key);
    members.length = 0;
    // What was read with a type that is settled now is read again.
    for (const variable of variables.values()) variable.read = false;
    for (const map of state.maps.values()) map.read = read.has(map);
  }
}

function checkFunction(state: State, func: Func): void {
  state.place = { func, attachPoints: [], space: 'kernel', args: () => undefined };
  for (const { variable, type } of func.params) setVariable(state, variable, typeOfRef(state, type));
  const returns = func.returns ? typeOfRef(state, func.returns) : undefined;
  settle(state, () => checkBlock(state, func.body));
  const last = func.body.statements.at(-1);
  if (returns && returns.kind !== 'void' && returns.kind !== 'unknown' && last === undefined) fault(state, 'type-mismatch', func.name, `${func.name.text} returns nothing.`);
}
