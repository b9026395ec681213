import type { Version } from '../../../base/version.ts';

/** What follows a section's prefix. */
export type Attach = 'none' | 'tracepoint' | 'raw-tracepoint' | 'btf-tracepoint' | 'function' | 'function-pattern' | 'btf-function' | 'syscall' | 'lsm' | 'iter' | 'uprobe' | 'usdt' | 'other';

/** A prefix of section names that libbpf knows. */
export interface SectionKind {
  readonly prefix: string;
  /** Type of program, by bpftool's name. */
  readonly type: string;
  readonly attach: Attach;
  /** Whether a name behind the prefix is needed (`kprobe/vfs_read`), may stand there (`xdp/anything`) or must not. */
  readonly target: 'needed' | 'possible' | 'none';
  readonly sleepable: boolean;
  /** What is special about it, or when it runs. */
  readonly note: string;
  /** First kernel, where that is later than the type's. */
  readonly since: Version | undefined;
  /** Name of the same by which it should be called. */
  readonly instead: string | undefined;
}

interface More {
  readonly target?: SectionKind['target'];
  readonly sleepable?: true;
  readonly since?: Version;
  readonly instead?: string;
}

const kind = (prefix: string, type: string, attach: Attach, note: string, more: More = {}): SectionKind => ({
  prefix, type, attach, note,
  target: more.target ?? (attach === 'none' ? 'none' : attach === 'other' ? 'possible' : 'needed'),
  sleepable: more.sleepable ?? false,
  since: more.since,
  instead: more.instead,
});
/** The same, and once more for programs that may sleep. */
const both = (prefix: string, type: string, attach: Attach, note: string, more: More = {}): SectionKind[] => [
  kind(prefix, type, attach, note, more),
  kind(`${prefix}.s`, type, attach, `${note} It may sleep.`, { ...more, sleepable: true, since: more.since ?? [5, 10] }),
];
const many = (type: string, note: string, prefixes: readonly string[], more: More = {}): SectionKind[] => prefixes.map((prefix) => kind(prefix, type, 'none', note, more));

/** The section names of libbpf 1.5 and the older ones it still takes; facts of its section_defs and of its documentation. */
export const SECTION_KINDS: readonly SectionKind[] = [
  kind('tp', 'tracepoint', 'tracepoint', 'Runs at a tracepoint: `tp/category/event`.'),
  kind('tracepoint', 'tracepoint', 'tracepoint', 'Runs at a tracepoint: `tracepoint/category/event`.'),
  kind('raw_tp', 'raw_tracepoint', 'raw-tracepoint', 'Runs at a tracepoint, with its bare arguments: `raw_tp/event`.'),
  kind('raw_tracepoint', 'raw_tracepoint', 'raw-tracepoint', 'Runs at a tracepoint, with its bare arguments: `raw_tracepoint/event`.'),
  kind('raw_tp.w', 'raw_tracepoint_writable', 'raw-tracepoint', 'Runs at a writable tracepoint, with its bare arguments.'),
  kind('raw_tracepoint.w', 'raw_tracepoint_writable', 'raw-tracepoint', 'Runs at a writable tracepoint, with its bare arguments.'),
  kind('tp_btf', 'tracing', 'btf-tracepoint', 'Runs at a tracepoint, with typed arguments that can be read directly: `tp_btf/event`.'),
  kind('kprobe', 'kprobe', 'function', 'Runs when a function of the kernel is entered: `kprobe/function`.'),
  kind('kretprobe', 'kprobe', 'function', 'Runs when a function of the kernel returns: `kretprobe/function`.'),
  kind('kprobe.multi', 'kprobe', 'function-pattern', 'Runs when any of the functions that a pattern names is entered.', { since: [5, 18] }),
  kind('kretprobe.multi', 'kprobe', 'function-pattern', 'Runs when any of the functions that a pattern names returns.', { since: [5, 18] }),
  kind('kprobe.session', 'kprobe', 'function-pattern', 'Runs when any of the functions that a pattern names is entered, and again when it returns.', { since: [6, 10] }),
  kind('ksyscall', 'kprobe', 'syscall', 'Runs when a system call is entered, on any architecture: `ksyscall/openat`.'),
  kind('kretsyscall', 'kprobe', 'syscall', 'Runs when a system call returns, on any architecture: `kretsyscall/openat`.'),
  ...both('uprobe', 'kprobe', 'uprobe', 'Runs when a function of a program is entered: `uprobe/path:function`.', { target: 'possible' }),
  ...both('uretprobe', 'kprobe', 'uprobe', 'Runs when a function of a program returns: `uretprobe/path:function`.', { target: 'possible' }),
  ...both('uprobe.multi', 'kprobe', 'uprobe', 'Runs when any of the functions of a program that a pattern names is entered.', { target: 'possible', since: [6, 6] }),
  ...both('uretprobe.multi', 'kprobe', 'uprobe', 'Runs when any of the functions of a program that a pattern names returns.', { target: 'possible', since: [6, 6] }),
  ...both('uprobe.session', 'kprobe', 'uprobe', 'Runs when any of the functions of a program that a pattern names is entered, and again when it returns.', { target: 'possible', since: [6, 13] }),
  ...both('usdt', 'kprobe', 'usdt', 'Runs at a marker in a program: `usdt/path:provider:name`.', { target: 'possible' }),
  ...both('fentry', 'tracing', 'btf-function', 'Runs when a function of the kernel is entered, with typed arguments: `fentry/function`.', { target: 'possible' }),
  ...both('fexit', 'tracing', 'btf-function', 'Runs when a function of the kernel returns, with its arguments and its result: `fexit/function`.', { target: 'possible' }),
  ...both('fmod_ret', 'tracing', 'btf-function', 'Runs before a function that allows it, and may return in its stead: `fmod_ret/function`.', { target: 'possible', since: [5, 7] }),
  ...both('lsm', 'lsm', 'lsm', 'Runs at a hook of the Linux security modules: `lsm/file_open`.', { target: 'possible' }),
  kind('lsm_cgroup', 'lsm', 'lsm', 'Runs at a hook of the Linux security modules, for the tasks of a cgroup.', { since: [6, 0] }),
  ...both('iter', 'tracing', 'iter', 'Shows objects of the kernel one by one, as a file: `iter/task`.', { since: [5, 8] }),
  kind('freplace', 'ext', 'other', 'Takes the place of a global function of another program.'),
  ...both('struct_ops', 'struct_ops', 'other', 'Implements a function of an interface of the kernel.'),
  kind('syscall', 'syscall', 'none', 'Runs when user space asks for it.', { sleepable: true }),
  ...many('xdp', 'Runs for each packet an interface receives.', ['xdp']),
  ...many('xdp', 'Understands packets in fragments.', ['xdp.frags'], { since: [5, 18] }),
  ...many('xdp', 'Runs for packets that a device map redirects.', ['xdp/devmap', 'xdp.frags/devmap', 'xdp_devmap'], { since: [5, 8] }),
  ...many('xdp', 'Runs on the CPU a packet was redirected to.', ['xdp/cpumap', 'xdp.frags/cpumap', 'xdp_cpumap'], { since: [5, 9] }),
  kind('tc', 'sched_cls', 'other', 'Runs for packets that enter or leave an interface.'),
  kind('classifier', 'sched_cls', 'other', 'Runs for packets that enter or leave an interface.', { instead: 'tc' }),
  kind('action', 'sched_act', 'other', 'Runs as an action of traffic control.', { instead: 'tc' }),
  ...many('sched_cls', 'Runs for packets that an interface receives or sends, attached by a link.', ['tcx/ingress', 'tcx/egress', 'tc/ingress', 'tc/egress'], { since: [6, 6] }),
  ...many('sched_cls', 'Runs for packets of a netkit pair.', ['netkit/primary', 'netkit/peer'], { since: [6, 7] }),
  ...many('socket_filter', 'Filters what a socket receives.', ['socket']),
  ...many('perf_event', 'Runs when a perf event fires.', ['perf_event']),
  ...many('lwt_in', 'Runs for packets that a route receives.', ['lwt_in']),
  ...many('lwt_out', 'Runs for packets that a route sends.', ['lwt_out']),
  ...many('lwt_xmit', 'Runs before a route hands a packet over.', ['lwt_xmit']),
  ...many('lwt_seg6local', 'Runs for packets of IPv6 segment routing.', ['lwt_seg6local']),
  ...many('sock_ops', 'Runs at events of TCP connections.', ['sockops']),
  ...many('sk_skb', 'Finds where messages of a stream end.', ['sk_skb/stream_parser']),
  ...many('sk_skb', 'Decides where data of a socket goes.', ['sk_skb/stream_verdict', 'sk_skb/verdict', 'sk_skb']),
  ...many('sk_msg', 'Runs for each message that is sent.', ['sk_msg']),
  ...many('sk_reuseport', 'Chooses among sockets that share a port.', ['sk_reuseport', 'sk_reuseport/migrate']),
  ...many('sk_lookup', 'Chooses the socket for a packet.', ['sk_lookup']),
  ...many('flow_dissector', 'Takes flows apart.', ['flow_dissector']),
  ...many('netfilter', 'Runs at a hook of netfilter.', ['netfilter']),
  ...many('lirc_mode2', 'Decodes infrared pulses.', ['lirc_mode2']),
  ...many('cgroup_skb', 'Runs for packets of a cgroup.', ['cgroup_skb/ingress', 'cgroup_skb/egress', 'cgroup/skb']),
  ...many('cgroup_sock', 'Runs when a socket is created.', ['cgroup/sock_create', 'cgroup/sock']),
  ...many('cgroup_sock', 'Runs when a socket is closed.', ['cgroup/sock_release'], { since: [5, 9] }),
  ...many('cgroup_sock', 'Runs after a socket was bound.', ['cgroup/post_bind4', 'cgroup/post_bind6']),
  ...many('cgroup_device', 'Decides about devices.', ['cgroup/dev']),
  ...many('cgroup_sock_addr', 'Runs at bind(2).', ['cgroup/bind4', 'cgroup/bind6']),
  ...many('cgroup_sock_addr', 'Runs at connect(2).', ['cgroup/connect4', 'cgroup/connect6']),
  ...many('cgroup_sock_addr', 'Runs at sendmsg(2) of UDP.', ['cgroup/sendmsg4', 'cgroup/sendmsg6']),
  ...many('cgroup_sock_addr', 'Runs at recvmsg(2) of UDP.', ['cgroup/recvmsg4', 'cgroup/recvmsg6'], { since: [5, 2] }),
  ...many('cgroup_sock_addr', 'Runs at getpeername(2) or getsockname(2).', ['cgroup/getpeername4', 'cgroup/getpeername6', 'cgroup/getsockname4', 'cgroup/getsockname6'], { since: [5, 8] }),
  ...many('cgroup_sock_addr', 'Runs for sockets of Unix.', ['cgroup/connect_unix', 'cgroup/sendmsg_unix', 'cgroup/recvmsg_unix', 'cgroup/getpeername_unix', 'cgroup/getsockname_unix'], { since: [6, 7] }),
  ...many('cgroup_sysctl', 'Runs when a sysctl is read or written.', ['cgroup/sysctl']),
  ...many('cgroup_sockopt', 'Runs at getsockopt(2).', ['cgroup/getsockopt']),
  ...many('cgroup_sockopt', 'Runs at setsockopt(2).', ['cgroup/setsockopt']),
];

/** A section's name taken apart. */
export interface Section {
  readonly kind: SectionKind;
  /** What stands behind the prefix: `sched/sched_switch`. */
  readonly target: string;
  /** Where the target begins in the name. */
  readonly targetAt: number;
}

/** Prefixes behind which anything may stand: only a name of the user's own. */
const NAMED_FREELY = /^(?:tc|classifier|action|socket|perf_event|lwt_in|lwt_out|lwt_xmit|xdp|sk_skb|sk_msg|sockops)$/;

/** Takes a section's name apart, the longest prefix that fits; undefined when libbpf does not know it. */
export function readSection(name: string): Section | undefined {
  // `?` tells libbpf not to load it by itself.
  const from = name.startsWith('?') ? 1 : 0;
  const bare = name.slice(from);
  const found = SECTION_KINDS.filter(({ prefix, target }) => bare === prefix || (bare.startsWith(`${prefix}/`) && (target !== 'none' || NAMED_FREELY.test(prefix)))).toSorted((a, b) => b.prefix.length - a.prefix.length)[0];
  if (!found) return undefined;
  const target = bare.slice(found.prefix.length + 1);
  return { kind: found, target, targetAt: Math.min(name.length, from + found.prefix.length + 1) };
}

/** Sections that are no programs: data, maps, the licence. */
export function isDataSection(name: string): boolean {
  return /^(?:license|version|maps|\..*)$/.test(name);
}

/** What libbpf does with a section that is no program; those a program's own name follows (`.rodata.mine`) as the one without. */
const DATA_SECTIONS: Readonly<Record<string, string>> = {
  license: 'The licence, as text. Many helpers and all kfuncs are only for programs whose licence goes with the GPL: "GPL", "Dual BSD/GPL", "Dual MIT/GPL".',
  version: 'The kernel\'s version, which kernels before 5.0 wanted to be told for kprobes. Newer ones do not look at it.',
  '.maps': 'Maps, each a variable whose struct says by `__uint`, `__type` and `__array` what the map is. libbpf creates them before it loads programs.',
  maps: 'Maps as `struct bpf_map_def`: libbpf 1.0 and newer do not read them. Use `SEC(".maps")`.',
  '.struct_ops': 'An interface of the kernel filled with programs. libbpf makes a map of it; it is in force once that map is registered, until it is deleted.',
  '.struct_ops.link': 'An interface of the kernel filled with programs, which is in force as long as its link lives. Since Linux 6.4.',
  '.rodata': 'Constants. User space may set them before the program is loaded; then the verifier knows them, and drops what cannot be reached.',
  '.data': 'Variables with a value to begin with: a map of one element, which user space can read and write.',
  '.bss': 'Variables that begin as zero: a map of one element, which user space can read and write.',
  '.kconfig': 'Settings of the running kernel\'s configuration, filled in by libbpf. `__kconfig` puts an extern here.',
  '.ksyms': 'Symbols of the kernel, whose addresses libbpf fills in. `__ksym` puts an extern here.',
  '.text': 'Functions that programs call: they are loaded with those that do.',
  '.addr_space.1': 'Variables in an arena, which `__arena_global` puts here.',
};

/** What a section means that is no program; undefined for those libbpf gives no meaning to. */
export function dataSectionNote(name: string): string | undefined {
  const base = [name, name.replace(/^(\.(?:rodata|data|bss))\..*$/, '$1')].find((one) => Object.hasOwn(DATA_SECTIONS, one));
  return base === undefined ? undefined : DATA_SECTIONS[base];
}
