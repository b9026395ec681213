import type { Version } from '../../../base/version.ts';

/** A type of program, by bpftool's name for it. */
export interface ProgramType {
  readonly name: string;
  /** One sentence: when it runs and what it can do. */
  readonly summary: string;
  /** The struct its context points to; undefined when that depends on what it is attached to. */
  readonly context: string | undefined;
  readonly since: Version;
  /** What the result means. */
  readonly returns: string;
}

const type = (name: string, context: string | undefined, since: Version, summary: string, returns: string): ProgramType => ({ name, context, since, summary, returns });

const ALLOW = '1 allows it, 0 makes the system call fail with `EPERM`.';
const ANY = 'Return 0.';

/** Facts of include/uapi/linux/bpf.h and bpf_types.h; since when from the releases that brought each. */
export const PROGRAM_TYPES: readonly ProgramType[] = [
  type('socket_filter', '__sk_buff', [3, 19], 'Runs for each packet a socket receives, and decides how much of it the socket gets.', 'How many bytes the socket gets; 0 drops the packet.'),
  type('kprobe', 'pt_regs', [4, 1], 'Runs at an instruction or function of the kernel or of a program, or when the function returns.', ANY),
  type('sched_cls', '__sk_buff', [4, 1], 'Runs for packets that enter or leave an interface, with the socket buffer at hand.', '`TC_ACT_OK` passes, `TC_ACT_SHOT` drops, `TC_ACT_UNSPEC` goes on, `TC_ACT_REDIRECT` after a redirect.'),
  type('sched_act', '__sk_buff', [4, 1], 'Runs as an action of traffic control.', '`TC_ACT_OK` passes, `TC_ACT_SHOT` drops.'),
  type('tracepoint', undefined, [4, 7], 'Runs at a tracepoint of the kernel, with its record.', ANY),
  type('xdp', 'xdp_md', [4, 8], 'Runs for each packet an interface receives, before the kernel makes a socket buffer of it.', '`XDP_PASS`, `XDP_DROP`, `XDP_TX`, `XDP_REDIRECT` or `XDP_ABORTED`.'),
  type('perf_event', 'bpf_perf_event_data', [4, 9], 'Runs when a perf event fires: a timer or a hardware counter.', ANY),
  type('cgroup_skb', '__sk_buff', [4, 10], 'Runs for packets of a cgroup\'s sockets.', '1 passes, 0 drops.'),
  type('cgroup_sock', 'bpf_sock', [4, 10], 'Runs when a socket of a cgroup is created, bound or released.', ALLOW),
  type('lwt_in', '__sk_buff', [4, 10], 'Runs for packets that a route receives.', '`BPF_OK`, `BPF_DROP` or `BPF_LWT_REROUTE`.'),
  type('lwt_out', '__sk_buff', [4, 10], 'Runs for packets that a route sends.', '`BPF_OK` or `BPF_DROP`.'),
  type('lwt_xmit', '__sk_buff', [4, 10], 'Runs before a route hands a packet to the device, and may change or redirect it.', '`BPF_OK`, `BPF_DROP` or `BPF_REDIRECT`.'),
  type('sock_ops', 'bpf_sock_ops', [4, 13], 'Runs at events of TCP connections of a cgroup: set up, timeouts, state changes.', '1; what it decides goes into `reply`.'),
  type('sk_skb', '__sk_buff', [4, 14], 'Parses streams of the sockets in a sockmap, or decides where their data goes.', 'A parser: the length of the message; a verdict: `SK_PASS` or `SK_DROP`.'),
  type('cgroup_device', 'bpf_cgroup_dev_ctx', [4, 15], 'Decides which devices the tasks of a cgroup may use.', ALLOW),
  type('sk_msg', 'sk_msg_md', [4, 17], 'Runs for each message that a socket in a sockmap sends.', '`SK_PASS` or `SK_DROP`.'),
  type('raw_tracepoint', 'bpf_raw_tracepoint_args', [4, 17], 'Runs at a tracepoint of the kernel, with the arguments it was called with.', ANY),
  type('cgroup_sock_addr', 'bpf_sock_addr', [4, 17], 'Runs when a process of a cgroup binds, connects or sends to an address, and may change it.', ALLOW),
  type('lwt_seg6local', '__sk_buff', [4, 18], 'Runs for packets of IPv6 segment routing that end here.', '`BPF_OK`, `BPF_DROP` or `BPF_REDIRECT`.'),
  type('lirc_mode2', undefined, [4, 18], 'Decodes the pulses of an infrared remote control.', ANY),
  type('sk_reuseport', 'sk_reuseport_md', [4, 19], 'Chooses which of the sockets that share a port gets a packet.', '`SK_PASS` or `SK_DROP`.'),
  type('flow_dissector', '__sk_buff', [4, 20], 'Takes the place of the kernel\'s flow dissector.', '`BPF_OK`, `BPF_DROP` or `BPF_FLOW_DISSECTOR_CONTINUE`.'),
  type('cgroup_sysctl', 'bpf_sysctl', [5, 2], 'Runs when a process of a cgroup reads or writes a sysctl.', ALLOW),
  type('raw_tracepoint_writable', 'bpf_raw_tracepoint_args', [5, 2], 'A raw tracepoint program that may write to the first argument, where the tracepoint allows it.', ANY),
  type('cgroup_sockopt', 'bpf_sockopt', [5, 3], 'Runs when a process of a cgroup reads or sets an option of a socket.', ALLOW),
  type('tracing', undefined, [5, 5], 'Runs at functions and tracepoints of the kernel by their BTF: arguments are typed and can be read directly.', '0; `fmod_ret` programs return what the function shall return, iterators 0, or 1 to show the element again.'),
  type('struct_ops', undefined, [5, 6], 'Implements a function of a kernel\'s interface, such as congestion control or a scheduler.', 'What the interface says.'),
  type('ext', undefined, [5, 6], 'Takes the place of a global function of another program.', 'What that function returns.'),
  type('lsm', undefined, [5, 7], 'Runs at a hook of the Linux security modules, and may refuse what is asked.', '0 allows it, a negative error such as `-EPERM` refuses it.'),
  type('sk_lookup', 'bpf_sk_lookup', [5, 9], 'Chooses the socket for a new connection or datagram.', '`SK_PASS` or `SK_DROP`.'),
  type('syscall', undefined, [5, 14], 'Runs when user space asks for it, and may sleep.', 'What user space shall see.'),
  type('netfilter', 'bpf_nf_ctx', [6, 4], 'Runs at a hook of netfilter.', '`NF_ACCEPT` or `NF_DROP`.'),
];

const byName = new Map(PROGRAM_TYPES.map((t) => [t.name, t]));

export function programType(name: string): ProgramType | undefined {
  return byName.get(name);
}
