const ATTACH_POINT = /\b(tracepoint|tp|tp_btf|raw_tp|rawtracepoint|kprobe|kretprobe|ksyscall|kretsyscall|fentry|fexit|kfunc|kretfunc|lsm)[:/]([\w:/.*]+)/g;

/** Looks at what runs, so many times a second: one way of many to say how often. */
const SAMPLED = /\bprofile:(?:hz|s|ms|us):\d+|SEC\("perf_event"\)/;

/** Ids of the attach points that a program uses, in bpftrace or BPF C: functions as `kprobe:`, which stands for all ways to attach to one. */
export function pointsOf(program: string): ReadonlySet<string> {
  const found = new Set<string>();
  if (SAMPLED.test(program)) found.add('profile:hz:99');
  for (const [, provider = '', rest = ''] of program.matchAll(ATTACH_POINT)) found.add(pointOf(provider, rest.replaceAll('/', ':')));
  return found;
}

function pointOf(provider: string, name: string): string {
  switch (provider) {
    case 'tracepoint':
    case 'tp':
      return `tracepoint:${name}`;
    case 'tp_btf':
    case 'raw_tp':
    case 'rawtracepoint':
      return `rawtracepoint:${name}`;
    case 'ksyscall':
    case 'kretsyscall':
      return `tracepoint:syscalls:sys_enter_${name}`;
    case 'lsm':
      return `kprobe:security_${name}`;
    default:
      // A module may stand before the function.
      return `kprobe:${name.split(':').at(-1) ?? name}`;
  }
}
