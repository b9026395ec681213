import { bare } from '../analysis/walk.ts';
import type { Problem } from '../problem.ts';
import type { Expr } from '../syntax/ast.ts';
import { isBuiltin, valueOf } from './fields.ts';
import { directives } from './format.ts';
import type { ProbeView, Use, View } from './view.ts';

/** Nanoseconds in a unit; `unknown` divisors make no claim. */
const UNITS: Readonly<Record<string, bigint>> = { ns: 1n, us: 1_000n, ms: 1_000_000n, s: 1_000_000_000n };
const SPELLINGS: Readonly<Record<string, string>> = {
  ns: 'ns', nsec: 'ns', nsecs: 'ns', nanoseconds: 'ns', us: 'us', usec: 'us', usecs: 'us', microseconds: 'us', ms: 'ms', msec: 'ms', msecs: 'ms', milliseconds: 'ms', s: 's', sec: 's', secs: 's', seconds: 's',
};
const FOLDS = new Set(['hist', 'lhist', 'sum', 'avg', 'min', 'max', 'stats', 'tseries']);

/** A duration: how many nanoseconds one step of its value is. */
interface Duration { readonly step: bigint }

/** `time-unit`: a duration whose divisor does not fit the unit in the format string or in the map's name. */
export function timeUnit(view: View): readonly Problem[] {
  const scaled = mapsPrintedScaled(view);
  return view.probes.flatMap((probe) => inProbe(probe, scaled));
}

function inProbe(probe: ProbeView, scaled: ReadonlySet<string>): Problem[] {
  // Every duration begins with a clock.
  if (!probe.uses.some(({ expr }) => isBuiltin(expr, 'nsecs') || isBuiltin(expr, 'elapsed') || (expr.kind === 'call' && expr.callee.text === 'nsecs'))) return [];
  const variables = new Map<string, Duration>();
  const found: Problem[] = [];
  for (const use of probe.uses) {
    const outer = use.around.at(-1);
    if (outer?.kind === 'assign' && outer.target === use.expr) {
      const value = outer.op === '=' ? durationOf(folded(outer.value), variables) : undefined;
      if (use.expr.kind === 'variable') {
        if (value) variables.set(use.expr.name, value);
        else variables.delete(use.expr.name);
      }
      found.push(...named(probe, use, value, folded(outer.value), scaled));
    }
    if (use.expr.kind === 'call') found.push(...printed(probe, use.expr, variables));
  }
  return found;
}

/** What goes into a histogram or sum. */
function folded(expr: Expr): Expr {
  const at = bare(expr);
  return at.kind === 'call' && FOLDS.has(at.callee.text) ? (at.args[0] ?? at) : at;
}

function named(probe: ProbeView, use: Use, value: Duration | undefined, source: Expr, scaled: ReadonlySet<string>): Problem[] {
  const { expr } = use;
  if (!value || (expr.kind !== 'map' && expr.kind !== 'variable') || scaled.has(expr.name)) return [];
  const unit = unitOfName(expr.name);
  return unit ? report(probe, source, value, unit, `\`${expr.name}\` is named for`) : [];
}

function printed(probe: ProbeView, call: Extract<Expr, { kind: 'call' }>, variables: ReadonlyMap<string, Duration>): Problem[] {
  return directives(call).flatMap((d) => {
    const value = d.argument && durationOf(d.argument, variables);
    const word = /^ ?([a-z]+)(?![a-z0-9_/])/i.exec(d.after)?.[1];
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
  const repairs = is.step === 1n ? [{ title: `Divide by ${wanted}`, sure: false, edits: [{ span: { start: at.start, end: at.start }, newText: '(' }, { span: { start: at.end, end: at.end }, newText: `) / ${wanted}` }] }] : [];
  return [{ code: 'time-unit', severity: 'warning', span: at, evidence: [], repairs, message: `${who} ${unit}, and the value is in ${isUnit}: \`nsecs\` counts nanoseconds, so divide by ${wanted}.` }];
}

/** Differences of `nsecs`, and `elapsed`, divided by literals. */
function durationOf(expr: Expr, variables: ReadonlyMap<string, Duration>): Duration | undefined {
  const at = valueOf(expr);
  if (at.kind === 'variable') return variables.get(at.name);
  if (isBuiltin(at, 'elapsed')) return { step: 1n };
  if (at.kind !== 'binary') return undefined;
  if (at.op === '-' && isBuiltin(valueOf(at.left), 'nsecs')) return { step: 1n };
  const inner = at.op === '/' ? durationOf(at.left, variables) : undefined;
  const by = inner && constant(at.right);
  return inner && by !== undefined ? { step: inner.step * by } : undefined;
}

function constant(expr: Expr): bigint | undefined {
  const at = bare(expr);
  if (at.kind === 'integer') return at.value;
  if (at.kind !== 'binary' || at.op !== '*') return undefined;
  const [left, right] = [constant(at.left), constant(at.right)];
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
