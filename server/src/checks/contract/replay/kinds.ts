/** A number in the context that a test run is given. */
export interface ContextField {
  readonly offset: number;
  readonly bytes: number;
}

/** A type of program that the kernel runs on made-up input (`BPF_PROG_TEST_RUN`; net/bpf/test_run.c of 6.1 to 6.18), and what can be chosen there. */
export interface Kind {
  readonly name: 'xdp' | 'tc' | 'skb' | 'sk_lookup';
  /** Bytes of the Ethernet header that the kernel takes off the data before the program sees them. */
  readonly header: number;
  /** Bytes of the packet that the program sees. */
  readonly length?: { readonly min: number; readonly max: number };
  /** Of the struct that is given, when one is. */
  readonly contextBytes: number;
  /** By the names of the struct's fields. */
  readonly chosen: ReadonlyMap<string, ContextField>;
  /** What is the same in all test runs. */
  readonly fixed: ReadonlyMap<string, bigint>;
  /** Names of results. */
  readonly results: ReadonlyMap<bigint, string>;
}

/** Bytes of an Ethernet header: no test run takes less. */
export const ETHERNET = 14;
/** A page less what the kernel keeps before (256) and behind (320) an XDP packet; packets of sockets may be some longer. */
const LONGEST = 3520;

const names = (list: readonly string[], first = 0): ReadonlyMap<bigint, string> => new Map(list.map((name, i) => [BigInt(i + first), name]));
const words = (name: string, offset: number, count: number): readonly [string, ContextField][] => Array.from({ length: count }, (_, i) => [`${name}[${i}]`, { offset: offset + 4 * i, bytes: 4 }]);

/** Of `struct __sk_buff`: all else must be 0 in what is given (`convert___skb_to_skb`). */
const SKB_CHOSEN: ReadonlyMap<string, ContextField> = new Map<string, ContextField>([
  ['mark', { offset: 8, bytes: 4 }], ['priority', { offset: 32, bytes: 4 }], ['ingress_ifindex', { offset: 36, bytes: 4 }], ...words('cb', 48, 5),
  ['tstamp', { offset: 152, bytes: 8 }], ['wire_len', { offset: 160, bytes: 4 }], ['gso_segs', { offset: 164, bytes: 4 }], ['gso_size', { offset: 176, bytes: 4 }], ['hwtstamp', { offset: 184, bytes: 8 }],
]);
/** The packet comes from the loopback device, and nothing was done with it before. */
const SKB_FIXED: ReadonlyMap<string, bigint> = new Map(['queue_mapping', 'vlan_present', 'vlan_tci', 'vlan_proto', 'tc_index', 'hash', 'tc_classid', 'napi_id', 'pkt_type'].map((name): [string, bigint] => [name, 0n]).concat([['ifindex', 1n]]));
const SKB_BYTES = 192;

const KINDS: readonly (readonly [section: RegExp, kind: Kind])[] = [
  [/^xdp(?:$|[./](?!devmap|cpumap))/, {
    name: 'xdp', header: 0, length: { min: ETHERNET, max: LONGEST }, contextBytes: 0, chosen: new Map(),
    fixed: new Map([['ingress_ifindex', 1n], ['rx_queue_index', 0n]]), results: names(['XDP_ABORTED', 'XDP_DROP', 'XDP_PASS', 'XDP_TX', 'XDP_REDIRECT']),
  }],
  [/^(?:tc|tcx|classifier|action)(?:$|\/)/, {
    name: 'tc', header: 0, length: { min: ETHERNET, max: LONGEST }, contextBytes: SKB_BYTES, chosen: SKB_CHOSEN, fixed: SKB_FIXED,
    results: new Map([[0xffff_ffffn, 'TC_ACT_UNSPEC'], ...names(['TC_ACT_OK', 'TC_ACT_RECLASSIFY', 'TC_ACT_SHOT', 'TC_ACT_PIPE', 'TC_ACT_STOLEN', 'TC_ACT_QUEUED', 'TC_ACT_REPEAT', 'TC_ACT_REDIRECT'])]),
  }],
  // 6.1 refuses what is empty behind the header.
  [/^(?:socket|cgroup\/skb|cgroup_skb\/(?:in|e)gress)(?:$|\/)/, { name: 'skb', header: ETHERNET, length: { min: 1, max: LONGEST - ETHERNET }, contextBytes: SKB_BYTES, chosen: SKB_CHOSEN, fixed: SKB_FIXED, results: new Map() }],
  [/^sk_lookup(?:$|\/)/, {
    name: 'sk_lookup', header: 0, contextBytes: 72, fixed: new Map([['ingress_ifindex', 0n], ['sk', 0n], ['cookie', 0n]]), results: names(['SK_DROP', 'SK_PASS']),
    chosen: new Map<string, ContextField>([
      ['family', { offset: 8, bytes: 4 }], ['protocol', { offset: 12, bytes: 4 }], ['remote_ip4', { offset: 16, bytes: 4 }], ...words('remote_ip6', 20, 4), ['remote_port', { offset: 36, bytes: 2 }],
      ['local_ip4', { offset: 40, bytes: 4 }], ...words('local_ip6', 44, 4), ['local_port', { offset: 60, bytes: 4 }],
    ]),
  }],
];

/** What a program in that section can be run as; undefined where the kernel, or bpftool, does not. */
export function kindOf(section: string): Kind | undefined {
  return KINDS.find(([pattern]) => pattern.test(section))?.[1];
}

/** Why a program in that section is not run. */
export function whyNot(section: string): string {
  if (/^(?:raw_tp|raw_tracepoint|tp_btf)/.test(section)) return 'bpftool cannot hand arguments to a raw tracepoint';
  if (/^(?:fentry|fexit|fmod_ret|lsm|iter)/.test(section)) return 'a test run gives such a program no input';
  if (section.startsWith('flow_dissector')) return 'what a flow dissector is given is not followed';
  return `the kernel has no test runs for programs of ${section}`;
}
