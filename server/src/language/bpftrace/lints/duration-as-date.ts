import type { Problem } from '../problem.ts';
import { isBuiltin, valueOf } from './fields.ts';
import { argumentOf, type Use, type View } from './view.ts';

/** `duration-as-date`: a difference of times given to `strftime`, which wants a time. */
export function durationAsDate(view: View): readonly Problem[] {
  return view.probes.flatMap((probe) => probe.uses.flatMap((use: Use) => {
    const argument = argumentOf(use);
    const at = valueOf(use.expr);
    if (argument?.name !== 'strftime' || argument.index !== 1 || at.kind !== 'binary' || at.op !== '-' || !isBuiltin(valueOf(at.left), 'nsecs') || valueOf(at.right).kind === 'integer') return [];
    return [{
      code: 'duration-as-date' as const, severity: 'warning' as const, span: probe.at(use.expr), evidence: [], repairs: [],
      message: '`strftime()` takes a time as `nsecs` gives it and makes a date of it; this is a duration, and comes out as a moment after the machine started. Print it with `printf`, divided into units.',
    }];
  }));
}
