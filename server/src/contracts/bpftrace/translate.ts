import type { Analysis, ProbeInfo } from '../../language/bpftrace/analysis/analysis.ts';
import { walk } from '../../language/bpftrace/syntax/walk.ts';
import type { IrHandler, IrInvariant, IrProgram, IrStmt } from '../ir/ir.ts';
import { bpftraceContracts } from '../language/check/bpftrace.ts';
import { conditionText } from '../language/parse/parse.ts';
import { NO_FACTS, type Facts } from '../properties/facts.ts';
import { propertiesOf } from '../properties/properties.ts';
import type { Translated } from '../verdict.ts';
import { clauseStatement, invariantOf, isRight } from './clauses.ts';
import { collect, read, spanOf, type Cx, type Program, type Words } from './context.ts';
import { evaluate } from './expressions.ts';
import { keyWidth, layoutOf, valueWidth, type MapLayout } from './maps.ts';
import { shownRead } from './memory.ts';
import { wordsOfItem } from './names.ts';
import { NoMeaning } from './no-meaning.ts';
import { assumeSpecs, type SpecOf } from './specs.ts';
import { block } from './statements.ts';
import { toTruth } from './values.ts';

/** What the knowledge base says. */
export interface TranslationOptions {
  /** Units and byte orders, for the built-in properties. */
  readonly facts?: Facts;
  readonly specOf?: SpecOf;
}

/** A bpftrace program with its contracts as what is verified. Never throws; what has no meaning is `unsupported`. */
export function translateBpftrace(analysis: Analysis, { facts = NO_FACTS, specOf }: TranslationOptions = {}): Translated {
  const program: Program = {
    analysis,
    properties: propertiesOf(analysis, facts),
    clauses: bpftraceContracts(analysis),
    strings: new Map([[0n, '""']]),
    maps: new Map(analysis.symbols.all.filter(({ kind }) => kind === 'map').map((sym) => [sym.name, layoutOf(sym)])),
    shown: new Map(),
    clocks: new Set(),
    unsupported: [],
    assumptions: [],
  };
  const handlers = handlersOf(program, specOf);
  const invariants = invariantsOf(program);
  return { program: irProgram(program, handlers, invariants), unsupported: program.unsupported, assumptions: program.assumptions };
}

function irProgram(program: Program, handlers: readonly IrHandler[], invariants: readonly IrInvariant[]): IrProgram {
  const maps = [...program.maps.values()].map((layout) => ({ name: layout.name, key: keyWidth(layout), value: valueWidth(layout) }));
  for (const { name, value } of program.maps.values()) {
    const shown = shownRead({ program }, value.kind === 'aggregation' ? { kind: 'integer', bits: 64, signed: value.signed } : value);
    if (shown) program.shown.set(name, shown);
  }
  return { maps, handlers, invariants, clocks: [...program.clocks], shown: program.shown };
}

function handlersOf(program: Program, specOf: SpecOf | undefined): IrHandler[] {
  const used = new Set<string>();
  return program.analysis.probes.map((info): IrHandler => {
    const { document } = program.analysis;
    const { placed, probe } = info;
    const header = document.text.slice(placed.start + probe.header.start, placed.start + probe.header.end).replace(/\s+/g, ' ');
    let name = header;
    for (let n = 2; used.has(name); n++) name = `${header} (${n})`;
    used.add(name);
    const span = { start: placed.start + probe.header.start, end: placed.start + probe.header.end };
    const first = info.attachPoints.some(({ provider }) => provider === 'begin');
    return { name, span, body: bodyOf(contextFor(program, info, name), info, specOf), ...(first && { first: true }) };
  });
}

function contextFor(program: Program, info: ProbeInfo | undefined, handler: string): Cx {
  const own = { program, variables: new Map<never, string>() as Cx['variables'], names: { used: new Set<string>(), temporaries: 0 } };
  const nowhere: Words = { base: 0, text: program.analysis.document.text, rules: { modern: true }, typeOf: () => ({ kind: 'unknown' }), word: () => undefined, variable: ({ name }) => { throw new NoMeaning(`there is no ${name} here`); } };
  return { ...own, info, handler, words: info ? wordsOfItem(own, info.placed) : nowhere, out: [], reads: new Map(), entry: [], leaving: [], quiet: false, loop: undefined, jumped: false };
}

/** Of a handler that is not understood only the maps are left that it names: they may hold anything behind it. */
function bodyOf(cx: Cx, info: ProbeInfo, specOf: SpecOf | undefined): IrStmt[] {
  try {
    return collect(cx, () => { probe(cx, info, specOf); });
  } catch (error) {
    if (!(error instanceof NoMeaning)) throw error;
    const { placed } = info;
    const span = error.span ?? { start: placed.start, end: placed.end };
    cx.program.unsupported.push({ span, handler: cx.handler, what: error.message });
    return [...mapsIn(cx, info)].map((layout) => ({ kind: 'put', map: layout.name, key: read(cx, `key of ${layout.name}`, 'any key', keyWidth(layout)), value: read(cx, `value of ${layout.name}`, 'any value', valueWidth(layout)), span }));
  }
}

function mapsIn({ program }: Cx, { probe: { body } }: ProbeInfo): Set<MapLayout> {
  const found = new Set<MapLayout>();
  walk(body, (node) => {
    const layout = node.kind === 'map' ? program.maps.get(node.name) : undefined;
    if (layout) found.add(layout);
  });
  return found;
}

function probe(cx: Cx, info: ProbeInfo, specOf: SpecOf | undefined): void {
  const { program } = cx;
  const own = program.clauses.filter((clause) => clause.place.kind === 'entry' && clause.place.owner.node === info.probe && isRight(clause));
  const statements = (keyword: string): IrStmt[] => own.filter(({ clause }) => clause.keyword === keyword).flatMap((clause) => clauseStatement(cx, clause));
  cx.out.push(...statements('requires'));
  cx.leaving.push(...statements('ensures'));
  cx.out.push(...cx.entry);
  const { predicate } = info.probe;
  if (predicate) {
    const condition = toTruth(evaluate(cx, predicate));
    cx.out.push({ kind: 'if', condition, then: [], otherwise: [{ kind: 'leave', span: spanOf(cx, predicate) }], span: spanOf(cx, predicate) });
  }
  block(cx, info.probe.body);
  cx.out.push(...cx.leaving);
  // Behind the rest, when it is known what the probe reads; assumed of the event from its begin.
  if (specOf) cx.out.unshift(...collect(cx, () => { assumeSpecs(cx, info, specOf); }));
}

function invariantsOf(program: Program): IrInvariant[] {
  return program.clauses.flatMap((checked): IrInvariant[] => {
    const { clause, place } = checked;
    if (place.kind !== 'top' || clause.keyword !== 'invariant' || !clause.subject || !isRight(checked)) return [];
    const span = { start: clause.start, end: clause.end };
    const says = conditionText(clause, program.analysis.document.text);
    try {
      return [{ map: clause.subject.name, condition: invariantOf(contextFor(program, undefined, ''), checked), property: 'contract', span, says }];
    } catch (error) {
      if (!(error instanceof NoMeaning)) throw error;
      program.unsupported.push({ span: error.span ?? span, what: error.message, only: { property: 'contract', says } });
      return [];
    }
  });
}
