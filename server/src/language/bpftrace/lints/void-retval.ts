import type { Problem } from '../problem.ts';
import { isBuiltin } from './fields.ts';
import { resolveReturn } from './retval.ts';
import type { View } from './view.ts';

/** `void-retval`: the `retval` of a function that returns nothing. */
export function voidRetval(view: View): readonly Problem[] {
  return view.probes.flatMap((probe) => {
    if (probe.points.length === 0 || probe.points.some((p) => p.provider !== 'kretprobe')) return [];
    const names = probe.points.map((p) => p.parts.at(-1) ?? '');
    if (!names.every((name) => resolveReturn(view, name) === 'void')) return [];
    return probe.uses.filter(({ expr }) => isBuiltin(expr, 'retval')).map(({ expr }) => ({
      code: 'void-retval', severity: 'warning' as const, span: probe.at(expr), evidence: [], repairs: [],
      message: `\`${names[0] ?? ''}\` returns nothing: \`retval\` is whatever was left in the register.`,
    }));
  });
}
