/** A field of a program's context or of what it points to. */
export interface ContextField {
  /** What it holds, with unit and order of bytes. */
  readonly summary: string;
  /** Who may write it; undefined when it can only be read. */
  readonly writable: string | undefined;
}

const NETWORK = 'In network byte order.';
const HOST = 'In host byte order.';
const IP4 = (whose: string): string => `IPv4 address of ${whose}. ${NETWORK}`;
const IP6 = (whose: string): string => `IPv6 address of ${whose}, as four words. ${NETWORK}`;
const FAMILY = 'Family of addresses: `AF_INET` (2) or `AF_INET6` (10).';
const DATA = 'Where the packet begins. Cast it by `(void *)(long)`, and compare with `data_end` before each access.';
const DATA_END = 'The first byte behind the packet, or behind the part that lies in one piece.';
const SOCK = 'The socket; compare it with NULL first.';

type Lines = Readonly<Record<string, string | readonly [summary: string, writable: string]>>;

const SKB: Lines = {
  len: 'Length of the packet in bytes, with the parts that `data` does not reach.',
  pkt_type: 'For whom it is: `PACKET_HOST` (0), `PACKET_BROADCAST`, `PACKET_MULTICAST`, `PACKET_OTHERHOST`, `PACKET_OUTGOING` (4).',
  mark: ['A number that goes along with the packet: routing, netfilter and sockets (`SO_MARK`) know it.', 'tc, cgroup_skb and lwt programs'],
  queue_mapping: ['The transmit queue it is meant for, from 0; behind reception the queue it came in by, from 1.', 'tc programs'],
  protocol: `Type of the payload, such as \`bpf_htons(ETH_P_IP)\`. ${NETWORK}`,
  vlan_present: '1 when the packet has a VLAN tag that hardware or kernel took out of it.',
  vlan_tci: `VLAN tag that was taken out: id (12 bits), drop flag, priority (3 bits). ${HOST}`,
  vlan_proto: `Kind of the VLAN tag that was taken out: \`bpf_htons(ETH_P_8021Q)\` or 802.1ad. ${NETWORK}`,
  priority: ['Priority for queueing (`SO_PRIORITY`, tc class).', 'tc, cgroup_skb, lwt and sk_skb programs'],
  ingress_ifindex: 'Number of the interface it came in by; 0 for what this host sends.',
  ifindex: 'Number of the interface it is on.',
  tc_index: ['A number for traffic control.', 'tc and sk_skb programs'],
  cb: ['20 bytes of its own for programs on the way of the packet, as five words.', 'socket filters, tc, cgroup_skb and lwt programs'],
  hash: 'Hash of the flow, as known so far; 0 when nobody computed it: `bpf_get_hash_recalc` does.',
  tc_classid: ['The class of traffic control to put it into; tc programs in direct-action mode only.', 'tc programs'],
  data: DATA,
  data_end: DATA_END,
  napi_id: 'Number of the NAPI instance that received it; 0 when there was none.',
  family: `${FAMILY} Only for sk_skb and cgroup_skb programs.`,
  remote_ip4: `${IP4('the other end of the socket')} Only for sk_skb and cgroup_skb programs.`,
  local_ip4: `${IP4('this end of the socket')} Only for sk_skb and cgroup_skb programs.`,
  remote_ip6: `${IP6('the other end of the socket')} Only for sk_skb and cgroup_skb programs.`,
  local_ip6: `${IP6('this end of the socket')} Only for sk_skb and cgroup_skb programs.`,
  remote_port: `Port of the other end of the socket. ${NETWORK} Only for sk_skb and cgroup_skb programs.`,
  local_port: `Port of this end of the socket. ${HOST} Only for sk_skb and cgroup_skb programs.`,
  data_meta: 'Where the metadata in front of the packet begins, which an XDP program may have left; `data` ends it.',
  flow_keys: ['What a flow dissector has found: fills this struct.', 'flow_dissector programs, its fields'],
  tstamp: ['Time stamp of the packet in nanoseconds; its clock is told by `tstamp_type`. On egress the time to send it at.', 'tc and cgroup_skb programs'],
  wire_len: 'Length on the wire in bytes: for several segments in one (GSO) with the headers each of them gets.',
  gso_segs: 'Segments it will be cut into; 0 or 1 when it is a single one.',
  sk: SOCK,
  gso_size: 'Payload bytes of each segment it will be cut into; 0 when it is a single one.',
  tstamp_type: 'Clock of `tstamp`: 0 real time or unknown, `BPF_SKB_TSTAMP_DELIVERY_MONO` (1) and others a time to send at.',
  hwtstamp: 'Time stamp of the hardware in nanoseconds; 0 without one.',
};

const XDP: Lines = {
  data: DATA,
  data_end: 'The first byte behind the packet; with fragments, behind the first one.',
  data_meta: 'Where the metadata in front of the packet begins, after `bpf_xdp_adjust_meta`; `data` ends it.',
  ingress_ifindex: 'Number of the interface the packet came in by.',
  rx_queue_index: 'The receive queue it came in by, from 0.',
  egress_ifindex: 'Number of the interface it is redirected to; only for programs of a device map.',
};

const TCP: Lines = {
  snd_cwnd: 'Congestion window for sending, in packets.',
  srtt_us: 'Smoothed round-trip time in microseconds, times 8: shift right by 3.',
  rtt_min: 'Smallest round-trip time of late, in microseconds.',
  snd_ssthresh: 'Where slow start ends, in packets.',
  rcv_nxt: 'Sequence number expected next from the other end.',
  snd_nxt: 'Sequence number sent next.',
  snd_una: 'First sequence number that was not acknowledged.',
  mss_cache: 'Payload bytes of a segment at most, as the path allows now.',
  ecn_flags: 'State of explicit congestion notification: `TCP_ECN_…` bits.',
  rate_delivered: 'Packets delivered in the last sample of the rate; `rate_interval_us` is how long it took.',
  rate_interval_us: 'Length of the last sample of the rate, in microseconds.',
  packets_out: 'Packets sent and not acknowledged.',
  retrans_out: 'Packets sent again and not acknowledged.',
  total_retrans: 'Packets sent again since the connection began.',
  segs_in: 'Segments received.',
  data_segs_in: 'Segments with data received.',
  segs_out: 'Segments sent.',
  data_segs_out: 'Segments with data sent.',
  lost_out: 'Packets taken for lost.',
  sacked_out: 'Packets acknowledged out of order.',
  bytes_received: 'Bytes received and acknowledged.',
  bytes_acked: 'Bytes the other end has acknowledged.',
};

const SOCK_OPS: Lines = {
  op: 'What happened: `BPF_SOCK_OPS_…`. Programs return at once for those they do not know.',
  args: 'Up to four numbers whose meaning `op` tells.',
  reply: ['The answer to `op`; -1 stands for the kernel\'s own choice.', 'sock_ops programs'],
  replylong: ['A longer answer, where `op` asks for one.', 'sock_ops programs'],
  family: FAMILY,
  remote_ip4: IP4('the other end'), local_ip4: IP4('this end'), remote_ip6: IP6('the other end'), local_ip6: IP6('this end'),
  remote_port: `Port of the other end, in the upper half of the word on little-endian machines: \`bpf_ntohl(port)\`. ${NETWORK}`,
  local_port: `Port of this end. ${HOST}`,
  is_fullsock: '1 when there is a whole socket; otherwise fields of TCP are 0.',
  ...TCP,
  bpf_sock_ops_cb_flags: 'Callbacks that are switched on: `BPF_SOCK_OPS_…_CB_FLAG`. Set them by `bpf_sock_ops_cb_flags_set`.',
  state: 'State of TCP before the event: `BPF_TCP_ESTABLISHED` and others.',
  sk_txhash: ['Hash that chooses the path of what is sent.', 'sock_ops programs'],
  sk: SOCK,
  skb_data: 'Where the TCP header of the packet at hand begins; compare with `skb_data_end`.',
  skb_data_end: 'The first byte behind what `skb_data` reaches.',
  skb_len: 'Length of the packet at hand in bytes; for a packet to be sent, of its header and payload.',
  skb_tcp_flags: 'TCP flags of the packet at hand, as in its header.',
  skb_hwtstamp: 'Time stamp of the hardware in nanoseconds; 0 without one.',
};

const ENDS: Lines = {
  family: FAMILY,
  remote_ip4: IP4('the other end'), local_ip4: IP4('this end'), remote_ip6: IP6('the other end'), local_ip6: IP6('this end'),
};

const SOCK_ADDR: Lines = {
  user_family: 'Family of the address that user space gave: `AF_INET`, `AF_INET6`, `AF_UNIX`.',
  user_ip4: [`IPv4 address that user space gave. ${NETWORK}`, 'cgroup_sock_addr programs'],
  user_ip6: [`IPv6 address that user space gave, as four words. ${NETWORK}`, 'cgroup_sock_addr programs'],
  user_port: [`Port that user space gave: \`bpf_ntohs(port)\`. ${NETWORK}`, 'cgroup_sock_addr programs'],
  family: 'Family of the socket.',
  type: 'Type of the socket: `SOCK_STREAM` (1), `SOCK_DGRAM` (2).',
  protocol: 'Protocol of the socket: `IPPROTO_TCP` (6), `IPPROTO_UDP` (17).',
  msg_src_ip4: [`Source address of the message: sendmsg4 only. ${NETWORK}`, 'sendmsg4 programs'],
  msg_src_ip6: [`Source address of the message: sendmsg6 only. ${NETWORK}`, 'sendmsg6 programs'],
  sk: 'The socket.',
};

const SOCK_FIELDS: Lines = {
  bound_dev_if: ['Number of the interface it is bound to; 0 for none.', 'cgroup/sock_create programs'],
  family: FAMILY,
  type: 'Type of the socket: `SOCK_STREAM` (1), `SOCK_DGRAM` (2), `SOCK_RAW` (3).',
  protocol: 'Protocol of the socket: `IPPROTO_TCP` (6), `IPPROTO_UDP` (17).',
  mark: ['Mark of what it sends (`SO_MARK`).', 'cgroup/sock_create programs'],
  priority: ['Priority of what it sends (`SO_PRIORITY`).', 'cgroup/sock_create programs'],
  src_ip4: IP4('this end'), src_ip6: IP6('this end'), src_port: `Port of this end. ${HOST}`,
  dst_port: `Port of the other end, 16 bits wide. ${NETWORK}`, dst_ip4: IP4('the other end'), dst_ip6: IP6('the other end'),
  state: 'State of TCP: `BPF_TCP_ESTABLISHED` (1), `BPF_TCP_LISTEN` (10) and others.',
  rx_queue_mapping: 'The receive queue its packets come in by; -1 when that is not known.',
};

const SK_LOOKUP: Lines = {
  ...ENDS,
  sk: 'The socket that `bpf_sk_assign` chose; NULL before.',
  cookie: 'Cookie of the socket that was chosen, for tests.',
  protocol: 'Protocol: `IPPROTO_TCP` (6) or `IPPROTO_UDP` (17).',
  remote_port: `Port of the other end, 16 bits wide. ${NETWORK}`,
  local_port: `Port that is asked for. ${HOST}`,
  ingress_ifindex: 'Number of the interface the packet came in by; 0 for what comes from this host.',
};

const REUSEPORT: Lines = {
  data: 'Where the packet begins, from its TCP or UDP header on; compare with `data_end`.',
  data_end: DATA_END,
  len: 'Length in bytes from the TCP or UDP header on, with parts that `data` does not reach.',
  eth_protocol: `Type of the packet, such as \`bpf_htons(ETH_P_IP)\`. ${NETWORK}`,
  ip_protocol: 'Protocol: `IPPROTO_TCP` (6) or `IPPROTO_UDP` (17).',
  bind_inany: '1 when the sockets are bound to any address.',
  hash: 'Hash of both addresses and ports.',
  sk: SOCK,
  migrating_sk: 'The socket whose connections go to another one; NULL when a packet is distributed.',
};

/** Registers by what they hold when a function is called: the System V convention. */
const X86: Lines = {
  di: 'Register rdi: the first argument (`PT_REGS_PARM1`).', si: 'Register rsi: the second argument (`PT_REGS_PARM2`).', dx: 'Register rdx: the third argument (`PT_REGS_PARM3`).',
  cx: 'Register rcx: the fourth argument of a function (`PT_REGS_PARM4`); of a system call it is r10.', r8: 'Register r8: the fifth argument (`PT_REGS_PARM5`).', r9: 'Register r9: the sixth argument (`PT_REGS_PARM6`).',
  r10: 'Register r10: the fourth argument of a system call.', ax: 'Register rax: what a function returns (`PT_REGS_RC`).', ip: 'Register rip: where the probe was hit (`PT_REGS_IP`).', sp: 'Register rsp: the top of the stack (`PT_REGS_SP`).', bp: 'Register rbp: the frame pointer (`PT_REGS_FP`).',
  orig_ax: 'Number of the system call, in the registers of one.', flags: 'Register rflags.',
};

const FIELDS: Readonly<Record<string, Lines>> = {
  __sk_buff: SKB,
  xdp_md: XDP,
  bpf_sock_ops: SOCK_OPS,
  sk_msg_md: { ...ENDS, data: 'Where the message begins; compare with `data_end`. `bpf_msg_pull_data` makes more of it reachable.', data_end: 'The first byte behind what `data` reaches.', remote_port: SOCK_OPS['remote_port'] ?? '', local_port: `Port of this end. ${HOST}`, size: 'Length of the message in bytes.', sk: 'The socket that sends.' },
  bpf_sock_addr: SOCK_ADDR,
  bpf_sysctl: { write: '1 when the sysctl is written, 0 when it is read.', file_pos: ['Where in the file of the sysctl is read or written.', 'cgroup_sysctl programs'] },
  bpf_sockopt: {
    sk: 'The socket.', optval: 'Where the value of the option begins, `optlen` bytes; compare with `optval_end`.', optval_end: 'The first byte behind what `optval` reaches: a page at most.',
    level: ['Level of the option: `SOL_SOCKET`, `SOL_TCP`.', 'setsockopt programs'], optname: ['Number of the option: `SO_KEEPALIVE`.', 'setsockopt programs'],
    optlen: ['Length of the value in bytes; -1 lets setsockopt pass the kernel\'s own handler.', 'both'], retval: ['What getsockopt returns: 0, or the negative error of the kernel.', 'getsockopt programs'],
  },
  bpf_sock: SOCK_FIELDS,
  bpf_tcp_sock: { ...TCP, dsack_dups: 'Segments that arrived twice.', delivered: 'Packets delivered.', delivered_ce: 'Packets delivered with a mark of congestion.', icsk_retransmits: 'Timeouts since the last answer.' },
  bpf_perf_event_data: { regs: 'Registers of what was interrupted; `PT_REGS_IP(&ctx->regs)`.', sample_period: 'Events from one sample to the next.', addr: 'Address that the event is about, such as of a page fault or a breakpoint.' },
  bpf_sk_lookup: SK_LOOKUP,
  sk_reuseport_md: REUSEPORT,
  bpf_cgroup_dev_ctx: { access_type: 'Kind of access in the upper 16 bits (`BPF_DEVCG_ACC_READ`, `…_WRITE`, `…_MKNOD`), kind of device in the lower ones (`BPF_DEVCG_DEV_CHAR`, `…_BLOCK`).', major: 'Major number of the device.', minor: 'Minor number of the device.' },
  bpf_nf_ctx: { state: 'Where the packet is: hook, interfaces, network namespace.', skb: 'The packet; read it by `bpf_dynptr_from_skb`.' },
  bpf_raw_tracepoint_args: { args: 'Arguments of the tracepoint as they were passed in the kernel, 8 bytes each. Pointers among them must be read by `bpf_probe_read_kernel` or CO-RE.' },
  pt_regs: X86,
  bpf_iter_meta: { seq: 'The file that is read, for `bpf_seq_printf` and `bpf_seq_write`.', session_id: 'The same number for all elements of one reading.', seq_num: 'Number of the element, from 0.' },
  trace_entry: { type: 'Number of the tracepoint.', flags: 'What was switched off when it fired: interrupts, preemption.', preempt_count: 'How deeply preemption was switched off.', pid: 'The thread that was running.' },
};

/** What every iterator's context has, besides what it goes through. */
const ITERATOR: Lines = { meta: 'The file and the number of the element.' };
const ITERATED = 'What the iterator shows now; NULL once more at the end.';

/** What is known of a field of a context; undefined for other structs and fields. */
export function contextField(struct: string, field: string): ContextField | undefined {
  const lines = Object.hasOwn(FIELDS, struct) ? FIELDS[struct] : struct.startsWith('bpf_iter__') ? ITERATOR : undefined;
  const line = lines && (Object.hasOwn(lines, field) ? lines[field] : undefined);
  if (line === undefined) return struct.startsWith('bpf_iter__') ? { summary: ITERATED, writable: undefined } : struct.startsWith('trace_event_raw_') && field === 'ent' ? { summary: 'What every record of a tracepoint begins with.', writable: undefined } : undefined;
  return typeof line === 'string' ? { summary: line, writable: undefined } : { summary: line[0], writable: line[1] };
}

/** Structs whose fields are described, for a test against the kernel's. */
export const DESCRIBED_CONTEXTS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(Object.entries(FIELDS).map(([struct, lines]) => [struct, Object.keys(lines)]));
