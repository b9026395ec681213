import type { Inventory } from '../../../kernel/inventory.ts';
import type { AttachPointInfo } from '../analysis/analysis.ts';
import type { Problem, SpanRepair } from '../problem.ts';
import { renames } from './renames.ts';
import type { View } from './view.ts';

const FUNCTION_PROBES = new Set(['kprobe', 'kretprobe', 'fentry', 'fexit']);
/** What compilers append to a function they specialised or split. */
const SUFFIXES = ['.isra.0', '.constprop.0', '.part.0', '.isra.0.constprop.0'];

/**
 * `renamed-function`: a function the target's kernel lacks because it was renamed, specialised or inlined. Where
 * another attach point of the same probe exists, the program already names the alternatives.
 */
export function renamedFunction(view: View): readonly Problem[] {
  return view.probes.flatMap(({ info: p }) => (p.attachPoints.some((a) => (a.matches ?? 0) > 0) ? [] : p.attachPoints.flatMap((point) => {
    const name = point.parts.at(-1) ?? '';
    const { inventory } = view.analysis.options;
    if (!FUNCTION_PROBES.has(point.provider ?? '') || !/^\w+$/.test(name) || !inventory.probes.knows('kprobe') || inventory.probes.has('kprobe', name)) return [];
    return explain(inventory, name, point);
  })));
}

function explain(inventory: Inventory, name: string, point: AttachPointInfo): Problem[] {
  const has = (wanted: string): boolean => inventory.probes.has('kprobe', wanted);
  const cloned = SUFFIXES.map((s) => name + s).find(has);
  if (cloned !== undefined) {
    return [problemAt(point, `\`${name}\` is called \`${cloned}\` on ${inventory.label}: the compiler made a special copy of it, whose arguments may differ from the source's. Only a kprobe can trace it.`, /^k/.test(point.provider ?? '') ? [rename(point, name, cloned)] : [])];
  }
  const known = renames.find((r) => r.old === name) ?? (/^sys_\w+$/.test(name) ? { old: name, to: [`__x64_${name}`, `__arm64_${name}`], note: 'system calls got the name of their architecture in Linux 4.17' } : undefined);
  if (!known) return [];
  const to = known.to.find(has);
  const [category, event] = (known.tracepoint ?? '').split(':');
  const traceable = category !== undefined && event !== undefined && inventory.probes.has('tracepoint', category, event);
  const instead = [...(to === undefined ? [] : [`\`${to}\``]), ...(traceable ? [`\`tracepoint:${category}:${event}\``] : [])].join(' or ');
  return [problemAt(point, `\`${name}\` does not exist on ${inventory.label}: ${known.note}.${instead === '' ? '' : ` Trace ${instead} instead.`}`, to === undefined ? [] : [rename(point, name, to)])];
}

function rename(point: AttachPointInfo, name: string, to: string): SpanRepair {
  const part = point.node.parts.at(-1);
  const end = point.span.start + ((part?.end ?? point.node.end) - point.node.start);
  return { title: `Trace ${to}`, sure: false, edits: [{ span: { start: end - name.length, end }, newText: to }] };
}

function problemAt(point: AttachPointInfo, message: string, repairs: readonly SpanRepair[]): Problem {
  return { code: 'renamed-function', severity: 'warning', message, span: point.span, evidence: [], repairs };
}
