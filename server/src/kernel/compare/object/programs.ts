import type { Need } from '../need.ts';

/** What the name of a section says of the program in it, by the conventions of libbpf. */
export interface ProgramSection {
  /** As bpftool names it. */
  readonly type: string;
  readonly attachPoint?: Extract<Need, { kind: 'attach-point' }>;
}

type Reader = readonly [name: RegExp, type: string, provider?: Extract<Need, { kind: 'attach-point' }>['provider']];

/** Names with the parts of an attach point as their groups. Those with a `?` in front are not loaded unless asked for. */
const READERS: readonly Reader[] = [
  [/^(?:tp|tracepoint)\/([^/]+)\/([^/]+)$/, 'tracepoint', 'tracepoint'],
  [/^(?:tp|tracepoint)$/, 'tracepoint'],
  [/^raw_(?:tp|tracepoint)(?:\.w)?\/(.+)$/, 'raw_tracepoint', 'rawtracepoint'],
  [/^tp_btf\/(.+)$/, 'tracing', 'rawtracepoint'],
  [/^kprobe(?:\.multi)?\/([^+]+)/, 'kprobe', 'kprobe'],
  [/^kretprobe(?:\.multi)?\/([^+]+)/, 'kprobe', 'kretprobe'],
  [/^(?:fentry|fmod_ret)(?:\.s)?\/(.+)$/, 'tracing', 'fentry'],
  [/^fexit(?:\.s)?\/(.+)$/, 'tracing', 'fexit'],
  [/^iter(?:\.s)?\/(.+)$/, 'tracing', 'iter'],
  [/^(?:kprobe|kretprobe|uprobe|uretprobe|usdt|ksyscall|kretsyscall)\b/, 'kprobe'],
  [/^lsm\b/, 'lsm'],
  [/^xdp\b/, 'xdp'],
  [/^(?:tc|tcx|classifier)\b/, 'sched_cls'],
  [/^action\b/, 'sched_act'],
  [/^perf_event\b/, 'perf_event'],
  [/^socket\b/, 'socket_filter'],
  [/^cgroup_skb\b/, 'cgroup_skb'],
  [/^sockops\b/, 'sock_ops'],
  [/^sk_msg\b/, 'sk_msg'],
  [/^sk_skb\b/, 'sk_skb'],
  [/^sk_lookup\b/, 'sk_lookup'],
  [/^sk_reuseport\b/, 'sk_reuseport'],
];

/** Undefined for sections that hold no program, or one of a type that is not known here. */
export function programSection(name: string): ProgramSection | undefined {
  for (const [pattern, type, provider] of READERS) {
    const match = pattern.exec(name);
    if (match) return { type, ...(provider ? { attachPoint: { kind: 'attach-point', provider, parts: match.slice(1) } } : {}) };
  }
  return undefined;
}

/** `call` of the instruction set, `helper` by its number when the source register is 0; and the only instruction of two words. */
const CALL = 0x85;
const LOAD_64 = 0x18;

/** Numbers of the helpers that a program's instructions call. */
export function calledHelpers(instructions: Uint8Array, littleEndian: boolean): ReadonlySet<number> {
  const view = new DataView(instructions.buffer, instructions.byteOffset, instructions.length);
  const called = new Set<number>();
  for (let at = 0; at + 8 <= instructions.length; at += instructions[at] === LOAD_64 ? 16 : 8) {
    const registers = instructions[at + 1] ?? 0;
    const source = littleEndian ? registers >> 4 : registers & 15;
    if (instructions[at] === CALL && source === 0) called.add(view.getInt32(at + 4, littleEndian));
  }
  return called;
}
