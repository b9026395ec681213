import type { Problem } from '../problem.ts';
import { isBuiltin, valueOf } from './fields.ts';
import { originOf } from './flow.ts';
import type { View } from './view.ts';

/** `duration-as-date`: a difference of times given to `strftime`, which wants a time. */
export function durationAsDate(view: View): readonly Problem[] {
  return view.probes.flatMap((probe) => probe.of('call').flatMap(({ expr, order }) => {
    const date = expr.callee.text === 'strftime' ? expr.args[1] : undefined;
    const at = date && originOf(probe, date, order);
    if (!date || at?.kind !== 'binary' || at.op !== '-' || !isBuiltin(valueOf(at.left), 'nsecs') || valueOf(at.right).kind === 'integer') return [];
    return [{
      code: 'duration-as-date' as const, severity: 'warning' as const, span: probe.at(date), evidence: [], repairs: [],
      message: '`strftime()` takes a time as `nsecs` gives it and makes a date of it; this is a duration, and comes out as a moment after the machine started. Print it with `printf`, divided into units.',
    }];
  }));
}
