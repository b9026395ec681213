import type { Binary, Expr } from '../../language/bpftrace/syntax/ast.ts';
import { bare } from '../../language/bpftrace/syntax/walk.ts';
import { directives } from '../../language/bpftrace/lints/format.ts';
import type { ProbeView } from '../../language/bpftrace/lints/view.ts';
import { fieldOf, type MapWrite } from './flow.ts';
import { siteAt, textOf, type Ground } from './ground.ts';
import { keeps, promiseOfName, promiseOfText } from './promises.ts';
import type { Site } from './site.ts';
import { nameOf, sameUnit, type Unit } from './units.ts';

const MEETING = new Set(['+', '-', '<', '>', '<=', '>=', '==', '!=']);

/** `units`: numbers in one unit that meet numbers in another, or stand under the name of another. */
export function units(ground: Ground, probe: ProbeView): Site[] {
  const meetings = probe.of('binary').flatMap(({ expr }) => met(ground, probe, expr));
  const shown = probe.of('call').flatMap(({ expr }) => printed(ground, probe, expr));
  return [...meetings, ...shown, ...variables(ground, probe), ...maps(ground, probe)];
}

function never(probe: ProbeView, node: Site['node'], says: string): Site {
  return siteAt('units', probe, node, { kind: 'never' }, says);
}

function met({ flow }: Ground, probe: ProbeView, expr: Binary): Site[] {
  const [left, right] = [flow.of(expr.left), flow.of(expr.right)];
  if (!MEETING.has(expr.op) || !left.unit || !right.unit || sameUnit(left.unit, right.unit) || left.constant === 0n || right.constant === 0n) return [];
  const how = expr.op === '+' || expr.op === '-' ? 'computed' : 'compared';
  return [never(probe, expr, `${textOf(probe, expr.left)}, in ${nameOf(left.unit)}, is not ${how} with ${textOf(probe, expr.right)}, in ${nameOf(right.unit)}`)];
}

function printed({ flow }: Ground, probe: ProbeView, call: Extract<Expr, { kind: 'call' }>): Site[] {
  const [format, time] = call.args;
  if (call.callee.text === 'strftime' && time) return dated(flow.of(time).unit, probe, time);
  if (format?.kind !== 'string') return [];
  let behind = format.start + 1;
  return directives(call).flatMap(({ argument, conversion, after, span }) => {
    const before = format.raw.slice(behind - format.start, span.start - format.start);
    behind = span.end;
    const unit = argument && /[diu]/.test(conversion) ? flow.of(argument).unit : undefined;
    const promise = unit && promiseOfText(before, after);
    return argument && promise && !keeps(promise, unit) ? [never(probe, bare(argument), told(probe, argument, unit, `is not printed as ${promise.word}`))] : [];
  });
}

/** `strftime` takes nanoseconds. */
function dated(unit: Unit | undefined, probe: ProbeView, value: Expr): Site[] {
  return unit && nameOf(unit) !== 'ns' ? [never(probe, bare(value), told(probe, value, unit, 'is not shown by strftime, which takes ns'))] : [];
}

function told(probe: ProbeView, value: Expr, unit: Unit, what: string): string {
  return `${textOf(probe, value)}, in ${nameOf(unit)}, ${what}`;
}

/** `$ms = ns`. What was told once is taken at its word from there on. */
function variables(ground: Ground, probe: ProbeView): Site[] {
  const given = new Set(probe.uses.flatMap(({ around }) => around.filter((one) => one.kind === 'assign' || one.kind === 'let')));
  return [...given].flatMap((at) => (at.target.kind === 'variable' && at.value && (at.kind === 'let' || at.op === '=') ? named(ground, probe, at.target.name, at.value) : []));
}

function named({ flow }: Ground, probe: ProbeView, name: string, value: Expr): Site[] {
  const { unit, constant } = flow.of(value);
  const promise = unit && constant === undefined ? promiseOfName(name.slice(1), fieldOf(value)) : undefined;
  return unit && promise && !keeps(promise, unit) ? [never(probe, bare(value), told(probe, value, unit, `is not kept as ${name}`))] : [];
}

/** What goes into a map under the name of another unit, or beside another unit. `print(@m, top, divisor)` scales what is printed, so that the name says nothing. */
function maps(ground: Ground, probe: ProbeView): Site[] {
  return ground.flow.writes.filter(({ info }) => info === probe.info).flatMap((write) => {
    if (write.fold === 'count') return [];
    const wrong = ground.scaled.has(write.target.name) ? [] : named(ground, probe, write.target.name, write.value);
    return wrong.length > 0 ? wrong : beside(ground, probe, write);
  });
}

function beside({ flow }: Ground, probe: ProbeView, write: MapWrite): Site[] {
  const { unit, constant } = flow.of(write.value);
  const first = flow.writes.find(({ target, value }) => target.name === write.target.name && flow.of(value).unit && flow.of(value).constant === undefined);
  const other = first && first !== write ? flow.of(first.value).unit : undefined;
  if (!unit || constant !== undefined || !other || sameUnit(unit, other)) return [];
  return [never(probe, bare(write.value), told(probe, write.value, unit, `is not kept in ${write.target.name} beside ${textOf(probe, first?.value ?? write.value)}, in ${nameOf(other)}`))];
}
