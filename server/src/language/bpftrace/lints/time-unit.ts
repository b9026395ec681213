import { bare } from '../syntax/walk.ts';
import type { Problem } from '../problem.ts';
import type { Expr } from '../syntax/ast.ts';
import { isBuiltin, valueOf } from './fields.ts';
import { originOf, storedIn } from './flow.ts';
import { directives } from './format.ts';
import type { ProbeView, Use, View } from './view.ts';

/** Nanoseconds in a unit; `unknown` divisors make no claim. */
const UNITS: Readonly<Record<string, bigint>> = { ns: 1n, us: 1_000n, ms: 1_000_000n, s: 1_000_000_000n };
const SPELLINGS: Readonly<Record<string, string>> = {
  ns: 'ns', nsec: 'ns', nsecs: 'ns', nanoseconds: 'ns', us: 'us', usec: 'us', usecs: 'us', microseconds: 'us', ms: 'ms', msec: 'ms', msecs: 'ms', milliseconds: 'ms', s: 's', sec: 's', secs: 's', seconds: 's',
};
const FOLDS = new Set(['hist', 'lhist', 'sum', 'avg', 'min', 'max', 'stats', 'tseries']);

/** A duration: how many nanoseconds one step of its value is. */
interface Duration { readonly step: bigint; /** Where the nanoseconds come from: `nsecs`, `runtime`. */ readonly clock: string }

/** What is known where a value is used. */
interface Known {
  readonly variables: Map<string, Duration>;
  /** Maps with what is written to them, where all writes agree. */
  readonly maps: ReadonlyMap<string, Duration>;
  /** `#define`d numbers. */
  readonly constants: ReadonlyMap<string, bigint>;
}

/** `time-unit`: a duration whose divisor does not fit the unit in the format string or in the map's name. */
export function timeUnit(view: View): readonly Problem[] {
  // Every duration begins with a clock.
  if (!view.probes.some((probe) => probe.of('identifier').some(({ expr }) => isClock(expr)) || probe.of('call').some(({ expr }) => isClock(expr)) || probe.of('field').some(({ expr }) => isNanoseconds(probe, expr)))) return [];
  const scaled = mapsPrintedScaled(view);
  const constants = definedNumbers(view);
  const maps = durationsOfMaps(view, constants);
  return view.probes.flatMap((probe) => inProbe(probe, scaled, { variables: new Map(), maps, constants }));
}

function isClock(expr: Expr): boolean {
  return isBuiltin(expr, 'elapsed') || isNsecs(expr);
}

function isNsecs(expr: Expr): boolean {
  return isBuiltin(expr, 'nsecs') || (expr.kind === 'call' && expr.callee.text === 'nsecs');
}

/** Fields the scheduler's tracepoints give in nanoseconds. */
function isNanoseconds(probe: ProbeView, at: Expr): boolean {
  return at.kind === 'field' && isBuiltin(at.object, 'args') && probe.points.length > 0 && probe.points.every((p) => {
    const field = p.provider === 'tracepoint' && p.parts[0] === 'sched' ? SCHED_NANOSECONDS.exec(`${p.parts[1] ?? ''}.${at.name.text}`) : null;
    return field !== null;
  });
}

const SCHED_NANOSECONDS = /^(?:sched_stat_runtime\.runtime|sched_stat_(?:wait|sleep|iowait|blocked)\.delay)$/;

function definedNumbers(view: View): ReadonlyMap<string, bigint> {
  return new Map(view.analysis.document.items.flatMap(({ item }) => {
    const number = item.kind === 'directive' && item.name === 'define' ? /^\(?(\d+)(?:U?L{0,2})\)?$/i.exec(item.value?.trim() ?? '')?.[1] : undefined;
    return number !== undefined && item.kind === 'directive' && item.subject ? [[item.subject.text, BigInt(number)] as const] : [];
  }));
}

function durationsOfMaps(view: View, constants: Known['constants']): ReadonlyMap<string, Duration> {
  const found = new Map<string, Duration>();
  for (const name of view.maps.keys()) {
    const values = storedIn(view, name).map(({ value, probe, order }) => durationOf(probe, value, { variables: heldAt(probe, value, order, constants), maps: new Map(), constants }));
    const [first] = values;
    if (first && values.every((v) => v?.step === first.step)) found.set(name, first);
  }
  return found;
}

/** Durations of the variables an expression mentions: one step back is enough for `@took[tid] = $delta / 1000`. */
function heldAt(probe: ProbeView, value: Expr, order: number, constants: Known['constants']): Map<string, Duration> {
  const names = probe.of('variable').filter((u) => u.order < order && (u.expr === value || u.around.includes(value))).map((u) => u.expr);
  return new Map(names.flatMap((variable) => {
    const held = durationOf(probe, originOf(probe, variable, order), { variables: new Map(), maps: new Map(), constants });
    return held ? [[variable.name, held] as const] : [];
  }));
}

function inProbe(probe: ProbeView, scaled: ReadonlySet<string>, known: Known): Problem[] {
  const found: Problem[] = [];
  for (const use of probe.uses) {
    const given = givenHere(use);
    if (given) {
      const value = given.value && durationOf(probe, folded(given.value), known);
      const wrong = given.value ? named(probe, given.name, value, folded(given.value), scaled) : [];
      if (given.name.startsWith('$')) hold(known.variables, given.name, value, wrong.length > 0);
      found.push(...wrong);
    }
    if (use.expr.kind === 'call') found.push(...printed(probe, use.expr, known));
  }
  return found;
}

/** The variable or map that gets a value at this place; without the value where it only changes (`+=`). */
function givenHere(use: Use): { readonly name: string; readonly value: Expr | undefined } | undefined {
  const outer = use.around.at(-1);
  if (outer?.kind === 'let') return outer.value === use.expr ? { name: outer.target.name, value: outer.value } : undefined;
  if (outer?.kind !== 'assign' || outer.target !== use.expr || (use.expr.kind !== 'variable' && use.expr.kind !== 'map')) return undefined;
  return { name: use.expr.name, value: outer.op === '=' ? outer.value : undefined };
}

/** A variable with the wrong unit in its name is told once: from there on it is taken at its word. */
function hold(variables: Map<string, Duration>, name: string, value: Duration | undefined, told: boolean): void {
  const step = told ? UNITS[unitOfName(name) ?? ''] : value?.step;
  if (value && step !== undefined) variables.set(name, { ...value, step });
  else variables.delete(name);
}

/** What goes into a histogram or sum. */
function folded(expr: Expr): Expr {
  const at = bare(expr);
  return at.kind === 'call' && FOLDS.has(at.callee.text) ? (at.args[0] ?? at) : at;
}

function named(probe: ProbeView, name: string, value: Duration | undefined, source: Expr, scaled: ReadonlySet<string>): Problem[] {
  const unit = value && !scaled.has(name) ? unitOfName(name) : undefined;
  return value && unit ? report(probe, source, value, unit, `\`${name}\` is named for`) : [];
}

function printed(probe: ProbeView, call: Extract<Expr, { kind: 'call' }>, known: Known): Problem[] {
  return directives(call).flatMap((d) => {
    const value = d.argument && durationOf(probe, d.argument, known);
    const word = /^ ?[([]?([a-z]+)(?![a-z0-9_/])/i.exec(d.after)?.[1];
    const unit = word === undefined ? undefined : SPELLINGS[word];
    return value && unit && d.argument ? report(probe, d.argument, value, unit, `\`${d.text}${d.after.slice(0, (d.after.indexOf(word ?? '') + (word?.length ?? 0)))}\` says`) : [];
  });
}

function report(probe: ProbeView, value: Expr, is: Duration, unit: string, who: string): Problem[] {
  const wanted = UNITS[unit];
  if (wanted === undefined || is.step === wanted) return [];
  const isUnit = Object.keys(UNITS).find((u) => UNITS[u] === is.step);
  if (isUnit === undefined) return [];
  const at = probe.at(value);
  return [{ code: 'time-unit', severity: 'warning', span: at, evidence: [], repairs: rescale(probe, value, wanted, is.step), message: `${who} ${unit}, and the value is in ${isUnit}: \`${is.clock}\` counts nanoseconds, so divide by ${wanted}.` }];
}

/** Another divisor in place of the one that is there; else one more. Nothing where digits are already lost. */
function rescale(probe: ProbeView, value: Expr, wanted: bigint, step: bigint): Problem['repairs'] {
  const written = bare(value);
  const divisor = written.kind === 'binary' && written.op === '/' ? bare(written.right) : undefined;
  const by = divisor?.kind === 'integer' ? (divisor.value * wanted) / step : undefined;
  if (divisor && by !== undefined && by > 1n) return [{ title: `Divide by ${by}`, sure: false, edits: [{ span: probe.at(divisor), newText: String(by) }] }];
  if (wanted <= step) return [];
  const at = probe.at(value);
  const more = wanted / step;
  const [open, close] = ['binary', 'ternary', 'cast'].includes(value.kind) ? ['(', ')'] : ['', ''];
  const opened = open === '' ? [] : [{ span: { start: at.start, end: at.start }, newText: open }];
  return [{ title: `Divide by ${more}`, sure: false, edits: [...opened, { span: { start: at.end, end: at.end }, newText: `${close} / ${more}` }] }];
}

/** Differences of `nsecs`, `elapsed`, and fields in nanoseconds, divided by numbers. */
function durationOf(probe: ProbeView, expr: Expr, known: Known): Duration | undefined {
  const at = valueOf(expr);
  if (at.kind === 'variable') return known.variables.get(at.name);
  if (at.kind === 'map') return known.maps.get(at.name);
  if (isBuiltin(at, 'elapsed')) return { step: 1n, clock: 'elapsed' };
  if (at.kind === 'field') return isNanoseconds(probe, at) ? { step: 1n, clock: at.name.text } : undefined;
  if (at.kind !== 'binary') return undefined;
  if (at.op === '-' && isNsecs(valueOf(at.left))) return { step: 1n, clock: 'nsecs' };
  const inner = at.op === '/' ? durationOf(probe, at.left, known) : undefined;
  const by = inner && constant(at.right, known);
  return inner && by !== undefined ? { ...inner, step: inner.step * by } : undefined;
}

function constant(expr: Expr, known: Known): bigint | undefined {
  const at = bare(expr);
  if (at.kind === 'integer') return at.value;
  if (at.kind === 'identifier') return known.constants.get(at.name);
  if (at.kind !== 'binary' || at.op !== '*') return undefined;
  const [left, right] = [constant(at.left, known), constant(at.right, known)];
  return left === undefined || right === undefined ? undefined : left * right;
}

/** The unit at the end of a name: `@latency_us`, `@usecs`, `$delta_ms`, `@ns`. One letter alone says nothing. */
function unitOfName(name: string): string | undefined {
  const last = /(?:^[@$]|_|[a-z](?=[A-Z]))([numNUM]?)([sS](?:ecs?)?)$/.exec(name);
  const word = last ? `${last[1] ?? ''}${last[2] ?? ''}`.toLowerCase() : undefined;
  return word === undefined || (word === 's' && !name.endsWith('_s')) ? undefined : SPELLINGS[word];
}

/** Maps that `print(@m, top, divisor)` scales. */
function mapsPrintedScaled(view: View): ReadonlySet<string> {
  return new Set(view.probes.flatMap((p) => p.of('call').flatMap(({ expr }) => {
    const [map, , divisor] = expr.callee.text === 'print' ? expr.args : [];
    return map?.kind === 'map' && divisor ? [map.name] : [];
  })));
}
