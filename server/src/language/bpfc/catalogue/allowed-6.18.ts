/**
 * Which helpers Linux 6.18 lets each type of program call, by their numbers. It was asked by loading a call of each from a
 * program of each type, attached by BTF where that is needed (a tracepoint and an iterator stand for `tracing`), and Linux
 * 6.12 by bpftool. What only some attach points of a type may call is in. Later kernels may allow more, earlier ones less.
 */
const EVERYWHERE = '1-3 5-8 12 14-17 22 35 37 42 55 80 87-89 93-94 105-106 109 112-115 117-118 120 123 125 130-134 141 148-149 153-154 156-158 164-165 169-172 175-177 180-182 191 194-195 197-203 208-211';
const PROBES = '4 25 27 36 45 67 173-174';
const CLASSIFIERS = '9-11 13 18-21 23-26 28-34 38-41 43 46-48 50 66 68-69 79 83-86 95-100 107-108 110 122 124 135-140 151-152 155 160 163 178 192 196 204-207';
/** Functions may ask for their arguments and their result too, iterators of sockets set options: from tracing_prog_func_proto() and bpf_iter_tcp_get_func_proto() of the kernel. */
const TRACING = '4 25 27 45-46 49 57 67 107-108 111 121 126-127 136-140 147 150 162 173-174 178 183-185 188 196';

const BEYOND: Readonly<Record<string, string>> = {
  tracing: TRACING,
  // From bpf_lsm_func_proto() of the kernel: an LSM that is not switched on cannot be asked.
  lsm: `${TRACING} 81 122 145-146 159 161 186-187 193`,
  kprobe: PROBES,
  tracepoint: PROBES,
  raw_tracepoint: PROBES,
  raw_tracepoint_writable: PROBES,
  perf_event: `${PROBES} 56 119`,
  xdp: '23 25 28 44 51 54 65 69 84-86 99-100 110 136-140 160 163 178 188-190 196 204-207',
  sched_cls: CLASSIFIERS,
  sched_act: CLASSIFIERS,
  socket_filter: '25-26 46-47 68 122 136-140 160 178 196',
  cgroup_skb: '25-26 46-47 68 79 81 83-86 95-99 107-108 122 128-129 136-140 160 178 196',
  cgroup_sock: '25 46 81 107 122 160 186-187',
  lwt_in: '24-26 28 33-34 39 73 136-140 160 178 196',
  lwt_out: '24-26 28 33-34 39 136-140 160 178 196',
  lwt_xmit: '9-11 13 20-21 23-26 28-30 33-34 38-41 43 73 135-140 160 178 196',
  lwt_seg6local: '24-26 28 33-34 39 74-76 136-140 160 178 196',
  sock_ops: '25 46 49 53 57 59 70 81 96 107-108 122 136-140 142-144 160 178 196',
  sk_skb: '9 25-26 38-39 43 46-47 50 52 72 84-86 99 136-140 160 178 196',
  sk_msg: '25 60-63 71 90-91 107-108 122 136-140 160 178 196',
  sk_reuseport: '26 46 68 82 160',
  sk_lookup: '25 86 124 136-140 160 178 196',
  flow_dissector: '26 136-140 160 178 196',
  cgroup_device: '25 81 186-187',
  cgroup_sock_addr: '25 46 49 57 64 81 84-86 99 107-108 122 136-140 160 178 186-187 196',
  cgroup_sysctl: '25 81 101-104 160 186-187',
  cgroup_sockopt: '25 49 57 81 96 107-108 122 186-187',
  syscall: '4 25 27 36 45-46 67 107-108 111 121 136-140 147 162 166-168 173 178-179 188 196',
  netfilter: '',
};

function numbers(ranges: string): number[] {
  return ranges.split(' ').filter((part) => part !== '').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** Numbers of helpers by type of program; `ext` and `struct_ops` are not there, whose programs may call what they stand in for may. */
export const ALLOWED_6_18: ReadonlyMap<string, ReadonlySet<number>> = new Map(Object.entries(BEYOND).map(([type, ranges]) => [type, new Set([...numbers(EVERYWHERE), ...numbers(ranges)])]));
