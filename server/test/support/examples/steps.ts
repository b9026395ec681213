import { MAC, arp, ip4, ip6, ipv6, little, network, ping4, ping6, tcp4, tcp6, udp4, udp6, vlan } from './packets.ts';

/** What is done with a BPF C example: steps of `run-object.c`, and what each packet must come back as, in that order. */
export interface Steps {
  readonly lines: readonly string[];
  /** What the packets came back as that they should not have. */
  wrong(output: string): string[];
}

/** The program, the packet, what the program returns for it, and what it makes of the packet when that is to be looked at. */
export type Sent = readonly [program: string, packet: string, returns: number | undefined, becomes?: RegExp];

export interface Script {
  /** Before anything is attached: `put MAP KEY VALUE`. */
  readonly before?: readonly string[];
  readonly packets?: readonly Sent[];
  /** The same with a context in place of a packet. */
  readonly contexts?: readonly Sent[];
  /** Attached and run with the workload too. */
  readonly attach?: boolean;
}

/** What is returned depends on time. */
const ANY = undefined;

export const XDP = { ABORTED: 0, DROP: 1, PASS: 2, TX: 3, REDIRECT: 4 } as const;
export const TC = { OK: 0, SHOT: 2, UNSPEC: -1, REDIRECT: 7 } as const;

export function port(value: number): string {
  return little(value, 2);
}

export const ZERO64 = little(0, 8);

/** A packet with that type of service and the right checksum. */
function validIpv4(tos: number): RegExp {
  const header = udp4({ tos }).slice(28, 68);
  return new RegExp(`^.{28}45${network(tos, 1)}.{16}${header.slice(20, 24)}`);
}

/** struct bpf_sk_lookup of a TCP connection over IPv4 to a port of this host. */
function lookup(localPort: number): string {
  return `${'00'.repeat(8)}${little(2, 4)}${little(6, 4)}${ip4('192.0.2.1')}${'00'.repeat(16)}${network(40_000, 2)}0000${ip4('198.51.100.2')}${'00'.repeat(16)}${little(localPort, 4)}${little(0, 4)}`;
}

const scripts: Readonly<Record<string, Script>> = {
  'xdp-drop-port': {
    before: [`put blocked_ports ${port(53)} ${ZERO64}`],
    packets: [['drop_port', udp4({ dport: 53 }), XDP.DROP], ['drop_port', udp6({ dport: 53 }), XDP.DROP], ['drop_port', udp4({ dport: 54 }), XDP.PASS], ['drop_port', tcp4({ dport: 53 }), XDP.DROP], ['drop_port', tcp6({ dport: 80 }), XDP.PASS], ['drop_port', udp4({ dport: 53, fragment: 100 }), XDP.PASS], ['drop_port', arp(), XDP.PASS]],
  },
  'xdp-count-protocols': { packets: [['count_protocols', udp4(), XDP.PASS], ['count_protocols', tcp6(), XDP.PASS], ['count_protocols', tcp4(), XDP.PASS], ['count_protocols', arp(), XDP.PASS]] },
  'xdp-block-networks': {
    before: [`put blocked_networks ${little(24, 4)}${ip4('203.0.113.0')} ${ZERO64}`],
    packets: [['block_networks', tcp4({ from: '203.0.113.77' }), XDP.DROP], ['block_networks', tcp4({ from: '203.0.112.77' }), XDP.PASS], ['block_networks', tcp6(), XDP.PASS]],
  },
  'tc-bytes-by-port': { packets: [['count_bytes', tcp4({ dport: 443 }), TC.OK], ['count_bytes', tcp6({ dport: 443 }), TC.OK], ['count_bytes', udp4({ dport: 443 }), TC.OK], ['count_bytes', tcp4({ dport: 25 }), TC.OK]] },
  'block-connect-port': { before: [`put refused_ports ${port(47_001)} ${ZERO64}`], attach: true },
  'xdp-syn-rate-limit': { packets: [['limit_syn', tcp4({ flags: 18 }), XDP.PASS], ...Array.from({ length: 103 }, (_, i): Sent => ['limit_syn', tcp4(), i < 100 ? XDP.PASS : XDP.DROP]), ['limit_syn', tcp4({ from: '192.0.2.9' }), XDP.PASS], ['limit_syn', udp4(), XDP.PASS]] },
  'xdp-allow-list': {
    before: [`put allowed ${ip6('2001:db8::1')} ${ZERO64}`, `put allowed 00000000000000000000ffff${ip4('192.0.2.1')} ${ZERO64}`],
    packets: [['allow_listed', tcp4(), XDP.PASS], ['allow_listed', udp4(), XDP.PASS], ['allow_listed', tcp6(), XDP.PASS], ['allow_listed', tcp6({ from: '2001:db8::3' }), XDP.DROP], ['allow_listed', tcp4({ from: '192.0.2.2' }), XDP.DROP], ['allow_listed', arp(), XDP.PASS]],
  },
  'xdp-sample-packets': { packets: Array.from({ length: 8_000 }, (): Sent => ['sample', udp4(), XDP.PASS]) },
  'xdp-udp-echo': {
    packets: [['echo', udp4({ dport: 7 }), XDP.TX, new RegExp(`^${MAC.them}${MAC.us}0800.{24}${ip4('198.51.100.2')}${ip4('192.0.2.1')}${network(7, 2)}${network(40_000, 2)}`)], ['echo', udp4({ dport: 8 }), XDP.PASS], ['echo', udp4({ dport: 7, fragment: 0x2000 }), XDP.PASS], ['echo', tcp4({ dport: 7 }), XDP.PASS], ['echo', udp6({ dport: 7 }), XDP.PASS]],
  },
  'xdp-load-balancer': {
    before: [`put backends ${little(0, 4)} 02aaaaaaaa00${'0'.repeat(20)}`, `put backends ${little(1, 4)} 02aaaaaaaa01${'0'.repeat(20)}`, `put backend_count ${little(0, 4)} ${little(2, 4)}`],
    packets: [...[1, 2, 3, 4, 5].map((n): Sent => ['balance', tcp4({ sport: 40_000 + n }), XDP.TX, new RegExp(`^02aaaaaaaa0[01]${MAC.us}`)]), ['balance', udp4(), XDP.PASS], ['balance', tcp6(), XDP.PASS]],
  },
  'xdp-count-vlans': { packets: [['count_vlans', tcp4(), XDP.PASS], ['count_vlans', vlan(100, tcp4()), XDP.PASS], ['count_vlans', vlan(0xe064, udp6()), XDP.PASS]] },
  'xdp-packet-sizes': { packets: [['measure', tcp4(), XDP.PASS], ['measure', udp4({ payload: '00'.repeat(600) }), XDP.PASS]] },
  'xdp-drop-fragments': { packets: [['drop_fragments', udp4({ fragment: 0x2000 }), XDP.DROP], ['drop_fragments', udp4({ fragment: 185 }), XDP.DROP], ['drop_fragments', udp4({ fragment: 0x4000 }), XDP.PASS], ['drop_fragments', ipv6(44, '1100000100000001'), XDP.DROP], ['drop_fragments', udp6(), XDP.PASS], ['drop_fragments', arp(), XDP.PASS]] },
  'xdp-answer-ping': {
    packets: [['answer_ping', ping4(), XDP.TX, new RegExp(`^${MAC.them}${MAC.us}0800.{24}${ip4('198.51.100.2')}${ip4('192.0.2.1')}0000fffe00010000`)], ['answer_ping', udp4(), XDP.PASS], ['answer_ping', ping6(), XDP.PASS]],
  },
  'xdp-tail-calls': {
    before: [`put programs ${little(6, 4)} @handle_tcp`, `put programs ${little(17, 4)} @handle_udp`],
    packets: [['dispatch', tcp4(), XDP.PASS], ['dispatch', tcp4(), XDP.PASS], ['dispatch', udp4(), XDP.DROP], ['dispatch', ping4(), XDP.PASS], ['dispatch', udp6(), XDP.PASS]],
  },
  'xdp-count-tcp-flags': { packets: [['count_flags', tcp4(), XDP.PASS], ['count_flags', tcp6(), XDP.PASS], ['count_flags', tcp4({ flags: 18 }), XDP.PASS], ['count_flags', tcp4({ flags: 4 }), XDP.PASS], ['count_flags', tcp4({ flags: 0 }), XDP.PASS], ['count_flags', tcp6({ flags: 16 }), XDP.PASS], ['count_flags', udp4(), XDP.PASS]] },
  'xdp-redirect-interface': { before: [`put outgoing ${little(0, 4)} ${little(1, 4)}`], packets: [['forward', tcp4(), XDP.REDIRECT]] },
  'tc-forward-port': {
    packets: [['forward', tcp4({ dport: 80 }), TC.OK, new RegExp(`^.{68}${network(40_000, 2)}${network(8080, 2)}.{24}${'[0-9a-f]{4}'}`)], ['forward', tcp4({ dport: 81 }), TC.OK, new RegExp(`^.{68}${network(40_000, 2)}${network(81, 2)}`)], ['back', tcp4({ sport: 8080 }), TC.OK, new RegExp(`^.{68}${network(80, 2)}${network(80, 2)}`)], ['forward', udp4({ dport: 80 }), TC.OK, new RegExp(`^.{72}${network(80, 2)}`)], ['forward', tcp6({ dport: 80 }), TC.OK]],
  },
  'tc-set-dscp': {
    packets: [['set_dscp', udp4({ dport: 53, tos: 1 }), TC.OK, validIpv4(0xb9)], ['set_dscp', udp4({ dport: 5060 }), TC.OK, validIpv4(0xb8)], ['set_dscp', udp4({ dport: 54 }), TC.OK, validIpv4(0)], ['set_dscp', udp6({ dport: 53 }), TC.OK]],
  },
  'tc-rate-limit': { packets: [...Array.from({ length: 40 }, (): Sent => ['limit', udp4({ payload: '00'.repeat(1_400) }), TC.OK]), ...Array.from({ length: 100 }, (): Sent => ['limit', udp4({ payload: '00'.repeat(1_400) }), ANY])] },
  'tc-block-quic': { packets: [['block_quic', udp4({ dport: 443 }), TC.SHOT], ['block_quic', udp6({ dport: 443 }), TC.SHOT], ['block_quic', tcp4({ dport: 443 }), TC.OK], ['block_quic', udp6({ dport: 53 }), TC.OK], ['block_quic', udp4({ dport: 443, fragment: 9 }), TC.OK]] },
  'tc-flow-table': { packets: [['account', tcp4(), TC.OK], ['account', tcp4(), TC.OK], ['account', udp6(), TC.OK], ['account', ping4(), TC.OK], ['account', arp(), TC.OK]] },
  'tc-mark-by-network': {
    before: [`put marks ${little(8, 4)}${ip4('10.0.0.0')} ${little(7, 4)}`, `put marks ${little(16, 4)}${ip4('10.1.0.0')} ${little(9, 4)}`],
    packets: [['mark', tcp4({ to: '10.2.3.4' }), TC.OK], ['mark', tcp4({ to: '10.1.3.4' }), TC.OK], ['mark', tcp4({ to: '11.1.3.4' }), TC.OK], ['mark', tcp6(), TC.OK]],
  },
  'tc-dns-names': { packets: [['log_question', udp4({ payload: '000101000001000000000000' + '03777777' + '076578616d706c65' + '036f7267' + '0000010001' }), TC.OK], ['log_question', udp4({ dport: 54, payload: '00'.repeat(20) }), TC.OK]] },
  'socket-filter-large': { packets: [['only_large', tcp4({ payload: '00'.repeat(1_200) }), 94], ['only_large', tcp4({ payload: '00'.repeat(100) }), 0], ['only_large', udp4({ payload: '00'.repeat(1_200) }), 0]] },
  'steer-ports-to-socket': { contexts: [['steer', lookup(7_123), 1], ['steer', lookup(6_999), 1]] },
};

export function stepsOf(id: string): Steps {
  const { before = [], packets = [], contexts = [], attach = packets.length + contexts.length === 0 } = scripts[id] ?? {};
  const lines = [...before, ...packets.map(([program, packet]) => `packet ${program} ${packet}`), ...contexts.map(([program, context]) => `context ${program} ${context}`), ...(attach ? ['attach', 'run'] : [])];
  return { lines, wrong: (output) => wrongPackets([...packets, ...contexts], output) };
}

function wrongPackets(packets: readonly Sent[], output: string): string[] {
  const back = [...output.matchAll(/^packet \S+ (-?\d+) ([0-9a-f]*)$/gm)];
  return packets.flatMap(([program, packet, returns, becomes], i) => {
    const [, returned, out = ''] = back[i] ?? [];
    const what = `packet ${i + 1} to ${program} (${packet})`;
    if (returned === undefined || (returns !== undefined && Number(returned) !== returns)) return [`${what} returned ${returned ?? 'nothing'} instead of ${returns ?? 'anything'}`];
    return becomes === undefined || becomes.test(out) ? [] : [`${what} became ${out} instead of ${String(becomes)}`];
  });
}
