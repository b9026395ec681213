import type { Expr, Func, Probe } from '../syntax/ast.ts';
import type { Problem } from '../problem.ts';
import type { Document } from '../syntax/document.ts';
import { checkVersions } from '../versions/check.ts';
import type { Analysis, AnalysisOptions, AttachPointInfo, ProbeInfo } from './analysis.ts';
import { checkOrder } from './check/order.ts';
import { checkConfig, settingsOf } from './check/config.ts';
import { checkBlock } from './check/blocks.ts';
import { typeOfExpr } from './check/expressions.ts';
import { checkDeclaredKinds, checkMapDeclarations } from './check/map-declarations.ts';
import { checkPreamble } from './check/preamble.ts';
import { requireCondition } from './check/operators.ts';
import { fault, type Place, type State } from './check/state.ts';
import { typeOfRef } from './check/type-refs.ts';
import { setVariable } from './check/variables.ts';
import { typesOf } from './ctypes/preamble.ts';
import { argsOf, spaceOf } from './probes/args.ts';
import { attachPointInfo } from './probes/attach-points.ts';
import { checkAttachPoints, checkIterators, checkOnce } from './probes/check.ts';
import { rulesOf } from './rules.ts';
import { bindNames } from './symbols/bind.ts';
import { MAX_SUGGESTIONS } from './suggest.ts';
import { finishSymbols } from './symbols/finish.ts';
import { symbolTable } from './symbols/table.ts';
import type { BtType } from './types.ts';

/** Types settle after two passes in almost every program; each further one follows a chain of maps one step. */
const MAX_PASSES = 8;

/** Macros that call macros twice each would double with every level. */
const MAX_EXPANSIONS = 2_000;

const OUTSIDE: Place = { attachPoints: [], space: 'kernel', args: () => undefined };

/** Everything that is known of a program without running anything. Pure; never throws for any document. */
export function analyze(document: Document, options: AnalysisOptions): Analysis {
  const probes = probesOf(document, options);
  const state = newState(document, options);
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    startPass(state);
    checkDocument(state, probes);
    state.firstPass = false;
    if (!state.changed) break;
  }
  checkDeclaredKinds(state);
  checkVersions(state);
  const drafts = finishSymbols(state);
  return {
    document,
    options,
    problems: [...state.problems.values(), ...keptProblems(state), ...state.names.problems].toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end),
    symbols: symbolTable(drafts),
    probes,
    typeOf: (node) => state.typeOf.get(node),
  };
}

/** What was said in the first pass only; a map that nobody assigns is told of as such. */
function keptProblems(state: State): readonly Problem[] {
  const told = [...state.problems.values()].filter((p) => p.code === 'undefined-map');
  return [...state.kept.values()].filter((k) => !told.some((p) => p.span.start >= k.span.start && p.span.end <= k.span.end));
}

function probesOf(document: Document, options: AnalysisOptions): readonly ProbeInfo[] {
  return document.items.flatMap((placed): ProbeInfo[] => {
    const { item, start } = placed;
    if (item.kind !== 'probe') return [];
    const attachPoints = item.attachPoints.map((a) => attachPointInfo(a, start, options.inventory));
    const args = argsOf(attachPoints, options.inventory);
    return [{ placed, probe: item, attachPoints, ...(args ? { args } : {}) }];
  });
}

function newState(document: Document, options: AnalysisOptions): State {
  const rules = rulesOf(options.version);
  const typeOf = new Map<Expr, BtType>();
  const state: State = {
    document, options, rules, typeOf,
    types: typesOf(document, options.inventory.types),
    settings: settingsOf(document, rules),
    names: bindNames(document, rules),
    maps: new Map(),
    variables: new Map(),
    problems: new Map(),
    members: [],
    expansions: [],
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
    visit: (expr) => {
      const type = typeOfExpr(state, expr);
      typeOf.set(expr, type);
      return type;
    },
  };
  return state;
}

/** Types of maps and variables stay from pass to pass; what was said is said anew. */
function startPass(state: State): void {
  state.changed = false;
  state.problems.clear();
  state.members.length = 0;
  state.suggestions.left = MAX_SUGGESTIONS;
  state.expansionsLeft = MAX_EXPANSIONS;
  for (const map of state.maps.values()) map.read = false;
  for (const variable of state.variables.values()) variable.read = false;
}

function checkDocument(state: State, probes: readonly ProbeInfo[]): void {
  checkPreamble(state);
  checkMapDeclarations(state);
  const once = new Map<string, AttachPointInfo>();
  let next = 0;
  checkOrder(state);
  for (const { item, start } of state.document.items) {
    state.base = start;
    if (item.kind === 'func') checkFunction(state, item);
    else if (item.kind === 'config') checkConfig(state, item);
    else if (item.kind === 'probe') {
      const info = probes[next++];
      if (info) checkProbe(state, item, info, once);
    }
  }
  state.place = OUTSIDE;
}

function checkProbe(state: State, probe: Probe, info: ProbeInfo, once: Map<string, AttachPointInfo>): void {
  const { attachPoints } = info;
  state.place = { probe, attachPoints, space: spaceOf(attachPoints), args: () => info.args };
  checkAttachPoints(state, attachPoints);
  checkIterators(state, attachPoints);
  for (const point of attachPoints) checkOnce(state, point, once);
  settle(state, () => {
    if (probe.predicate) requireCondition(state, probe.predicate, state.visit(probe.predicate), 'a predicate');
    checkBlock(state, probe.body);
  });
}

/** Types of variables settle where they live: only maps make another pass over the whole program necessary. */
function settle(state: State, check: () => void): void {
  const told = state.problems.size;
  const members = state.members.length;
  const read = new Set([...state.maps.values()].filter((map) => map.read));
  for (let n = 0; n < MAX_PASSES; n++) {
    state.variableChanged = false;
    check();
    if (!state.variableChanged || n + 1 === MAX_PASSES) return;
    for (const key of [...state.problems.keys()].slice(told)) state.problems.delete(key);
    state.members.length = members;
    // What was read with a type that is settled now is read again.
    for (const variable of state.variables.values()) variable.read = false;
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
