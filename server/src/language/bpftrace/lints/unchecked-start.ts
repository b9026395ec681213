import type { Problem } from '../problem.ts';
import type { Expr } from '../syntax/ast.ts';
import { isBuiltin, valueOf } from './fields.ts';
import { originOf } from './flow.ts';
import type { MapUse } from './maps.ts';
import { onlyWhere } from './predicate.ts';
import { testedBefore, type ProbeView, type View } from './view.ts';

/** `unchecked-start`: `nsecs - @start[key]` where nothing makes sure that the entry was seen. */
export function uncheckedStart(view: View): readonly Problem[] {
  return [...view.maps.values()].flatMap((uses) => {
    const starts = uses.filter((u) => u.role === 'write' && u.value && isTime(originOf(u.probe, u.value, u.use.order)));
    // Written before anything is traced: then it is there.
    if (starts.length === 0 || starts.some((s) => s.probe.points.some((p) => p.provider === 'begin'))) return [];
    const seen = new Set<ProbeView>();
    let together: ReadonlySet<string> | undefined;
    return uses.filter((u) => u.role === 'read' && u.keys.length > 0 && isElapsed(u)).flatMap((u) => {
      // Written before in the same probe: then it is there.
      if (seen.has(u.probe) || starts.some((s) => s.probe === u.probe && s.use.order < u.use.order) || checked(u, (together ??= companions(view.maps, starts)))) return [];
      seen.add(u.probe);
      return [problemAt(u, starts)];
    });
  });
}

function isTime(value: Expr): boolean {
  const at = valueOf(value);
  return isBuiltin(at, 'nsecs') || isBuiltin(at, 'elapsed') || (at.kind === 'call' && at.callee.text === 'nsecs');
}

/** `nsecs - @start[k]`, directly or through a variable that holds it. */
function isElapsed(u: MapUse): boolean {
  const outer = u.use.around.findLast((a) => a.kind !== 'cast' && a.kind !== 'paren');
  if (outer?.kind === 'binary') return outer.op === '-' && valueOf(outer.right) === u.access && isTime(originOf(u.probe, outer.left, u.use.order));
  if (outer?.kind !== 'assign' || outer.target.kind !== 'variable') return false;
  const { name } = outer.target;
  return u.probe.uses.some(({ expr, order }) => order > u.use.order && expr.kind === 'binary' && expr.op === '-' && isTime(originOf(u.probe, expr.left, order)) && valueOf(expr.right).kind === 'variable' && (valueOf(expr.right) as { name?: string }).name === name);
}

/** Maps that are written wherever the start is written: when one has the key, so has the other. */
function companions(maps: ReadonlyMap<string, readonly MapUse[]>, starts: readonly MapUse[]): ReadonlySet<string> {
  const names = [...maps].filter(([, uses]) => starts.every((s) => uses.some((u) => u.probe === s.probe && (u.role === 'write' || u.role === 'count'))));
  return new Set(names.map(([name]) => name));
}

/** Whether a condition before mentions the map, a companion, another map under the same key, or a variable that holds a value of one. */
function checked(u: MapUse, names: ReadonlySet<string>): boolean {
  const sameKey = (e: Expr): boolean => e.kind === 'map' && e.keys !== undefined && e.keys.map((k) => u.probe.textOf(k)).join() === u.keys.map((k) => u.probe.textOf(k)).join();
  const end = Math.max(...u.probe.uses.filter(({ expr }) => expr.kind === 'binary' && expr.op === '-').map(({ order }) => order), u.use.order);
  const holders = new Set(u.probe.uses.flatMap(({ expr, around }) => {
    const outer = around.at(-1);
    return expr.kind === 'map' && names.has(expr.name) && outer?.kind === 'assign' && outer.target.kind === 'variable' ? [outer.target.name] : [];
  }));
  const elapsed = u.use.around.flatMap((a) => (a.kind === 'assign' && a.target.kind === 'variable' ? [a.target.name] : []));
  return testedBefore(u.probe, end, (e) => (e.kind === 'map' && names.has(e.name)) || sameKey(e) || (e.kind === 'variable' && holders.has(e.name))) || elapsed.some((name) => tested(u.probe, name));
}

/** A test of the elapsed time itself (`if ($ms < 100000)`) also keeps nonsense out. */
function tested(probe: ProbeView, variable: string): boolean {
  return probe.uses.some((x) => x.inCondition && x.expr.kind === 'variable' && x.expr.name === variable);
}

function problemAt(u: MapUse, starts: readonly MapUse[]): Problem {
  const text = u.probe.textOf(u.access);
  return {
    code: 'unchecked-start', severity: 'warning', span: u.probe.at(u.access), repairs: [onlyWhere(u.probe, text, `Run only where ${text} is known`)],
    message: `\`${text}\` is 0 for whatever was under way when tracing began: the time is then that since the machine started. Test it in the predicate: \`/${text}/\`.`,
    evidence: starts.slice(0, 1).map((s) => ({ span: s.probe.at(s.access), message: 'The start is taken here.' })),
  };
}
