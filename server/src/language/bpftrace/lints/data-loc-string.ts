import { atLeast } from '../../../base/version.ts';
import type { Problem } from '../problem.ts';
import type { View } from './view.ts';

/** `data-loc-string`: strings that tracepoints keep behind the record, which bpftrace before 0.24 reads as empty. */
export function dataLoc(view: View): readonly Problem[] {
  const { version, inventory } = view.analysis.options;
  if (atLeast(version, 0, 24)) return [];
  return view.probes.flatMap((probe) => {
    const [point, ...more] = probe.points;
    if (point?.provider !== 'tracepoint' || more.length > 0) return [];
    const fields = inventory.tracepoint(point.parts[0] ?? '', point.parts[1] ?? '')?.fields ?? [];
    const elsewhere = new Set(fields.filter((f) => /__data_loc.*char/.test(f.typeText)).map((f) => f.name));
    return probe.of('field').flatMap(({ expr }) => {
      if (!elsewhere.has(expr.name.text) || expr.object.kind !== 'identifier' || expr.object.name !== 'args') return [];
      return [{
        code: 'data-loc-string' as const, severity: 'warning' as const, span: probe.at(expr), evidence: [], repairs: [],
        message: `\`${expr.name.text}\` is empty in bpftrace ${version.slice(0, 2).join('.')}: it cannot read strings that a tracepoint keeps behind its record (\`__data_loc\`). 0.24 can; until then take it from a kprobe or fentry of the same event.`,
      }];
    });
  });
}
