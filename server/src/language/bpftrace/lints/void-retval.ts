import type { Problem } from '../problem.ts';
import { isBuiltin } from './fields.ts';
import { resolveReturn } from './retval.ts';
import type { View } from './view.ts';

/** `void-retval`: the `retval` of a function that returns nothing. */
export function voidRetval(view: View): readonly Problem[] {
  return view.probes.flatMap((probe) => {
    const names = probe.points.map((p) => (p.provider === 'kretprobe' ? (p.parts.at(-1) ?? '') : ''));
    const reads = probe.uses.filter(({ expr }) => isBuiltin(expr, 'retval'));
    if (reads.length === 0 || names.length === 0 || !names.every((name) => resolveReturn(view, name) === 'void')) return [];
    return reads.map(({ expr }) => ({
      code: 'void-retval', severity: 'warning' as const, span: probe.at(expr), evidence: [], repairs: [],
      message: `\`${names[0] ?? ''}\` returns nothing: \`retval\` is whatever was left in the register.`,
    }));
  });
}
