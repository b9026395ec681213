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
  if (sets.length > 1 && sets.every((set) => set === sets[0])) return new Map();
  const vprintk = [...helpers.values()].some((set) => set.has(AS_OLD_AS_VPRINTK));
  for (const [type, set] of helpers) for (const name of untried(type, vprintk)) set.add(name);
  return helpers;
}

/** Came with Linux 5.16, as `bpf_trace_vprintk` did. */
const AS_OLD_AS_VPRINTK = 'bpf_skc_to_unix_sock';
/** Types that see what other processes do. */
const TRACING = new Set(['kprobe', 'tracepoint', 'perf_event', 'raw_tracepoint', 'raw_tracepoint_writable', 'syscall']);

/**
 * Helpers that nobody tries, because the kernel then warns in its log or starts to print: all types may print, those that trace
 * may write to the memory of users unless the machine is locked down. Measured with loads of them on 6.12.
 */
function untried(type: string, vprintk: boolean): readonly string[] {
  return ['bpf_trace_printk', ...(vprintk ? ['bpf_trace_vprintk'] : []), ...(TRACING.has(type) ? ['bpf_probe_write_user'] : [])];
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
