import type { Inventory, ListedProvider } from '../../kernel/inventory.ts';
import type { RepairContext } from './situation.ts';

/** What sections attach to, by the name of the inventory's list. */
const LISTS: readonly (readonly [RegExp, ListedProvider])[] = [
  [/^(?:tp_btf|raw_tp|raw_tracepoint)$/, 'rawtracepoint'],
  [/^(?:tp|tracepoint)$/, 'tracepoint'],
  [/^(?:fentry|fexit|fmod_ret)$/, 'fentry'],
  [/^k(?:ret)?probe$/, 'kprobe'],
  [/^iter$/, 'iter'],
];
const MAX_NAMES = 3;

/** What repairs ask of a kernel. */
export function repairContextOf(inventory: Inventory): RepairContext {
  const kfuncs = new Set(inventory.kfuncs());
  const last = (point: string): string => point.split(':').at(-1) ?? point;
  return {
    kfunc: (name) => kfuncs.has(name),
    similar: (kind, parts) => {
      const list = LISTS.find(([pattern]) => pattern.test(kind))?.[1];
      return list === undefined ? [] : inventory.probes.similar(list, parts, MAX_NAMES).map(last);
    },
  };
}
