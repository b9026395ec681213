import { bare, literalInteger } from '../syntax/walk.ts';
import type { Problem } from '../problem.ts';
import type { View } from './view.ts';

/** `percent-of-integers`: `a / b * 100`, where the division has already thrown the fraction away. */
export function percentOfIntegers(view: View): readonly Problem[] {
  return view.probes.flatMap((probe) => probe.of('binary').flatMap(({ expr }) => {
    if (expr.op !== '*' || literalInteger(expr.right) !== 100n) return [];
    const ratio = bare(expr.left);
    if (ratio.kind !== 'binary' || ratio.op !== '/' || literalInteger(ratio.right) !== undefined) return [];
        return [{
      code: 'percent-of-integers' as const, severity: 'warning' as const, span: probe.at(expr), evidence: [],
      message: 'Integers have no fraction: the division gives 0 for every part of a whole, and 0 times 100 is 0. Multiply first.',
      repairs: [{ title: 'Multiply before dividing', sure: false, edits: [{ span: probe.at(expr), newText: `${probe.sourceOf(ratio.left)} * 100 / ${probe.sourceOf(ratio.right)}` }] }],
    }];
  }));
}
