import type { Analysis } from '../../language/bpftrace/analysis/analysis.ts';
import { literalInteger, bare } from '../../language/bpftrace/syntax/walk.ts';
import type { Expr, Stmt } from '../../language/bpftrace/syntax/ast.ts';
import { viewOf, type ProbeView, type Use, type View } from '../../language/bpftrace/lints/view.ts';
import type { Facts } from './facts.ts';
import { flowOf, type Flow } from './flow.ts';
import type { BuiltIn, Condition, Site } from './site.ts';

/** What every property looks at. */
export interface Ground {
  readonly analysis: Analysis;
  readonly flow: Flow;
  readonly view: View;
  /** Maps that `print(@m, top, divisor)` scales. */
  readonly scaled: ReadonlySet<string>;
}

export function groundOf(analysis: Analysis, facts: Facts): Ground {
  const view = viewOf(analysis, analysis.probes, true);
  const scaled = view.probes.flatMap((probe) => probe.of('call').flatMap(({ expr: { callee, args: [map, , divisor] } }) => (callee.text === 'print' && map?.kind === 'map' && divisor ? [map.name] : [])));
  return { analysis, flow: flowOf(analysis, facts), view, scaled: new Set(scaled) };
}

export function siteAt(property: BuiltIn, probe: ProbeView, node: Site['node'], condition: Condition, says: string): Site {
  return { property, probe: probe.info.probe, node, condition, says };
}

/** On one line, as it is written; long ones are cut. */
export function textOf(probe: ProbeView, node: Expr): string {
  const text = probe.sourceOf(node).replaceAll(/\s+/g, ' ').trim();
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** What an expression stands in, parentheses aside; undefined where the predicate or nothing is around. */
export function outerOf({ around }: Use): Expr | Stmt | undefined {
  return around.findLast((one) => one.kind !== 'paren');
}

/** Whether it is a number that the program's text fixes. */
export function isConstant({ flow }: Ground, expr: Expr): boolean {
  return literalInteger(expr) !== undefined || flow.of(expr).constant !== undefined || bare(expr).kind === 'sizeof' || bare(expr).kind === 'offsetof';
}
