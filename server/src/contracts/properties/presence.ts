import type { Binary, Expr } from '../../language/bpftrace/syntax/ast.ts';
import { valueOf } from '../../language/bpftrace/lints/fields.ts';
import { directives } from '../../language/bpftrace/lints/format.ts';
import type { ProbeView, Use, UseOf } from '../../language/bpftrace/lints/view.ts';
import { FOLDS } from './flow.ts';
import { isConstant, outerOf, siteAt, textOf, type Ground } from './ground.ts';
import { answersOf, type Answers } from './memory.ts';
import type { Properties, Site } from './site.ts';

const isTuple = ({ analysis }: Ground, expr: Expr): boolean => analysis.typeOf(expr)?.kind === 'tuple';

const ORDERED = new Set(['<', '>', '<=', '>=']);

/** `absent-entry`: entries used as values where 0, which an absent one reads, means something else. `kept`: the maps with such entries. */
export function presence(ground: Ground, kept: ReadonlySet<string>, probe: ProbeView): Properties {
  const answers = answersOf(probe, {
    name: 'present',
    answer: (at) => (at.kind === 'map' && kept.has(at.name) ? { kind: 'present', entry: at } : undefined),
    within: (at) => (at.kind === 'field' && isTuple(ground, at.object) ? at.object : at),
  });
  const found = [...spans(ground, probe, answers), ...comparisons(ground, probe, answers), ...shown(ground, probe, answers), ...followed(ground, probe, answers)];
  return { sites: found, memories: answers.memories };
}

/** `node`: what does something with the value, when it is not the value's own place. */
function sites(probe: ProbeView, answers: Answers, expr: Expr, node?: Expr): Site[] {
  return answers.leaves(expr).map((leaf) => siteAt('absent-entry', probe, valueOf(expr) === leaf.node ? (node ?? leaf.node) : leaf.node, leaf.condition, `${entryText(probe, leaf.node)} is there`));
}

const entryText = (probe: ProbeView, node: Expr): string => (node.kind === 'variable' ? `the entry that ${node.name} was read from` : `the entry ${textOf(probe, node)}`);

/** Differences, but for `now - @last > limit` of what is written anew in the same probe: then the first time counts as long ago, as it should. */
function spans(ground: Ground, probe: ProbeView, answers: Answers): Site[] {
  return probe.of('binary').flatMap((use) => {
    const { expr } = use;
    if (expr.op !== '-' || isConstant(ground, expr.left) || isConstant(ground, expr.right) || limitsRate(ground, probe, use)) return [];
    return [...sites(probe, answers, expr.left, expr), ...sites(probe, answers, expr.right, expr)];
  });
}

function limitsRate(ground: Ground, probe: ProbeView, use: UseOf<'binary'>): boolean {
  return [use.expr.left, use.expr.right].some((side) => writtenHere(ground, probe, mapsIn(probe, side, use.order))) && onlyCompared(probe, use);
}

function onlyCompared(probe: ProbeView, use: Use): boolean {
  const outer = outerOf(scaledOf(probe, use));
  if (outer?.kind === 'binary') return ORDERED.has(outer.op);
  if (outer?.kind !== 'assign' || outer.op !== '=' || outer.target.kind !== 'variable') return false;
  const { name } = outer.target;
  const reads = probe.of('variable').filter((read) => read.expr.name === name && read.order > use.order && read.around.at(-1) !== outer);
  return reads.length > 0 && reads.every((read) => {
    const around = outerOf(scaledOf(probe, read));
    return around?.kind === 'binary' && ORDERED.has(around.op);
  });
}

/** From `x` to `(uint64)x / 1000`. */
function scaledOf(probe: ProbeView, use: Use): Use {
  const outer = outerOf(use);
  const inner = outer?.kind === 'cast' || (outer?.kind === 'binary' && /^(?:\/|>>)$/.test(outer.op));
  const next = inner ? probe.uses.find(({ expr }) => expr === outer) : undefined;
  return next ? scaledOf(probe, next) : use;
}

/** The maps whose entries a value is, through one variable. */
function mapsIn(probe: ProbeView, expr: Expr, order: number): string[] {
  const at = valueOf(expr);
  if (at.kind === 'map') return [at.name];
  if (at.kind !== 'variable') return [];
  return probe.of('map').flatMap(({ expr: entry, around, order: place }) => {
    const outer = around.findLast((one) => one.kind !== 'paren' && one.kind !== 'cast');
    return place < order && outer?.kind === 'assign' && outer.target.kind === 'variable' && outer.target.name === at.name ? [entry.name] : [];
  });
}

function writtenHere({ view }: Ground, probe: ProbeView, maps: readonly string[]): boolean {
  return maps.some((name) => (view.maps.get(name) ?? []).some((use) => use.probe === probe && use.role === 'write'));
}

/** Comparisons that order an entry, unless a difference beside it is what matters, or the entry is written anew. */
function comparisons(ground: Ground, probe: ProbeView, answers: Answers): Site[] {
  return probe.of('binary').flatMap((use) => {
    const { expr } = use;
    if (!ORDERED.has(expr.op) || isConstant(ground, expr.left) || isConstant(ground, expr.right)) return [];
    return [expr.left, expr.right].flatMap((side) => (writtenHere(ground, probe, mapsIn(probe, side, use.order)) || subtracted(probe, side, expr) ? [] : sites(probe, answers, side, expr)));
  });
}

function subtracted(probe: ProbeView, side: Expr, comparison: Binary): boolean {
  const text = probe.textOf(valueOf(side));
  return probe.of('binary').some(({ expr }) => expr !== comparison && expr.op === '-' && [expr.left, expr.right].some((one) => probe.textOf(valueOf(one)) === text));
}

/** Spans of time that are printed or go into a histogram. */
function shown(ground: Ground, probe: ProbeView, answers: Answers): Site[] {
  return probe.of('call').flatMap(({ expr }) => {
    const [first] = expr.args;
    const values = FOLDS.has(expr.callee.text) && first ? [first] : directives(expr).flatMap(({ conversion, argument }) => (/[diux]/.test(conversion) && argument ? [argument] : []));
    return values.flatMap((value) => (ground.flow.of(value).unit?.dimension === 'time' ? sites(probe, answers, value) : []));
  });
}

/** Functions that read memory at an address. */
const READERS = new Set(['str', 'buf']);

/** Pointers that lead somewhere; once in each statement. */
function followed(ground: Ground, probe: ProbeView, answers: Answers): Site[] {
  const told = new Map<unknown, Set<string>>();
  // A tuple's parts lead nowhere.
  const fields = probe.of('field').filter(({ expr }) => !isTuple(ground, expr.object));
  const uses = [...fields.map((use) => ({ ...use, pointer: use.expr.object })), ...probe.of('call').flatMap((use) => (READERS.has(use.expr.callee.text) && use.expr.args[0] ? [{ ...use, pointer: use.expr.args[0] }] : []))];
  return uses.flatMap(({ expr, pointer, around }) => {
    const statement = around.findLast((one) => one.kind === 'expr-stmt' || one.kind === 'assign' || one.kind === 'let' || one.kind === 'if' || one.kind === 'while');
    const before = told.get(statement) ?? new Set();
    told.set(statement, before);
    return sites(probe, answers, pointer, expr).filter(({ says }) => before.size !== before.add(says).size);
  });
}
