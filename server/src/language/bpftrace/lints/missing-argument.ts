import { resolve } from '../../../kernel/ctype.ts';
import type { Inventory } from '../../../kernel/inventory.ts';
import type { Problem } from '../problem.ts';
import type { ProbeView, View } from './view.ts';

/** `missing-argument`: `arg3` of a kernel function that has three, as the kernel's BTF tells. */
export function missingArgument(view: View): readonly Problem[] {
  const { inventory } = view.analysis.options;
  return view.probes.flatMap((probe) => {
    const reads = probe.of('identifier').flatMap(({ expr }) => {
      const index = /^arg(\d)$/.exec(expr.name)?.[1];
      return index === undefined ? [] : [{ expr, index: Number(index) }];
    });
    const most = reads.length > 0 ? mostArguments(inventory, probe) : undefined;
    if (most === undefined) return [];
    return reads.flatMap(({ expr, index }) => {
      if (index < most.count) return [];
      return [{
        code: 'missing-argument' as const, severity: 'warning' as const, span: probe.at(expr), evidence: [{ message: `On ${inventory.label} its arguments are: ${most.names.join(', ') || 'none'}.` }], repairs: [],
        message: `\`${most.name}\` has ${most.count} argument${most.count === 1 ? '' : 's'}: \`${expr.name}\` is whatever the register held.`,
      }];
    });
  });
}

interface Arguments { readonly name: string; readonly count: number; readonly names: readonly string[] }

/** The function with the most arguments of those traced at their entry; undefined when one is not known well enough. */
function mostArguments(inventory: Inventory, probe: ProbeView): Arguments | undefined {
  const all = probe.points.map((p): Arguments | undefined => {
    const name = p.parts.at(-1) ?? '';
    const func = p.provider === 'kprobe' && /^\w+$/.test(name) ? inventory.func(name) : undefined;
    // A struct passed by value takes another number of registers.
    if (!func || func.proto.variadic || func.proto.params.some((a) => ['struct', 'union', 'float', 'array'].includes(resolve(a.type()).kind))) return undefined;
    return { name, count: func.proto.params.length, names: func.proto.params.map((a) => a.name) };
  });
  const known = all.filter((a) => a !== undefined);
  return known.length === all.length ? known.toSorted((a, b) => b.count - a.count)[0] : undefined;
}
