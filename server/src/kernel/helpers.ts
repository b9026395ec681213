import { textOf } from './record.ts';

/** Helpers by type of program, as bpftool names both: `kprobe`, `sched_cls`; `bpf_probe_read_kernel`. */
export type Helpers = ReadonlyMap<string, ReadonlySet<string>>;

const SUFFIX = '_available_helpers';

/**
 * Reads what `bpftool -j feature probe kernel` printed. A type whose helpers bpftool could not determine (tracing, lsm:
 * they are tried with a function to attach to, which it has not) is not among them. A bpftool that is older than the
 * kernel may not understand how that says no, and takes every helper for allowed everywhere (7.1 on 6.18 does): nothing is known then.
 */
export function readHelpers(features: Uint8Array | undefined): Helpers {
  const lists = listsOf(features);
  const helpers = new Map(lists.flatMap(([key, names]) => (key.endsWith(SUFFIX) && names.length > 0 ? [[key.slice(0, -SUFFIX.length), new Set(names)] as const] : [])));
  const sets = [...helpers.values()].map((set) => [...set].sort().join(' '));
  return sets.length > 1 && sets.every((set) => set === sets[0]) ? new Map() : helpers;
}

function listsOf(features: Uint8Array | undefined): readonly (readonly [string, readonly string[]])[] {
  if (!features) return [];
  try {
    const { helpers } = JSON.parse(textOf(features)) as { helpers?: unknown };
    if (typeof helpers !== 'object' || helpers === null) return [];
    return Object.entries(helpers).map(([key, names]) => [key, Array.isArray(names) ? names.filter((name): name is string => typeof name === 'string' && name.startsWith('bpf_')) : []] as const);
  } catch {
    return [];
  }
}
