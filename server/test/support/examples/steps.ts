import { little, network, ip4, tcp4, tcp6, udp4, udp6, arp } from './packets.ts';

/** What is done with a BPF C example: steps of `run-object.c`, and what each packet must come back as, in that order. */
export interface Steps {
  readonly lines: readonly string[];
  /** What the packets came back as that they should not have. */
  wrong(output: string): string[];
}

/** The program, the packet, what the program returns for it, and what it makes of the packet when that is to be looked at. */
export type Sent = readonly [program: string, packet: string, returns: number, becomes?: RegExp];

export interface Script {
  /** Before anything is attached: `put MAP KEY VALUE`. */
  readonly before?: readonly string[];
  readonly packets?: readonly Sent[];
  /** Attached and run with the workload too. */
  readonly attach?: boolean;
}

export const XDP = { ABORTED: 0, DROP: 1, PASS: 2, TX: 3, REDIRECT: 4 } as const;
export const TC = { OK: 0, SHOT: 2, UNSPEC: -1, REDIRECT: 7 } as const;

export function port(value: number): string {
  return little(value, 2);
}

export const ZERO64 = little(0, 8);
void network;

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
};

export function stepsOf(id: string): Steps {
  const { before = [], packets = [], attach = packets.length === 0 } = scripts[id] ?? {};
  const lines = [...before, ...packets.map(([program, packet]) => `packet ${program} ${packet}`), ...(attach ? ['attach', 'run'] : [])];
  return { lines, wrong: (output) => wrongPackets(packets, output) };
}

function wrongPackets(packets: readonly Sent[], output: string): string[] {
  const back = [...output.matchAll(/^packet \S+ (-?\d+) ([0-9a-f]*)$/gm)];
  return packets.flatMap(([program, packet, returns, becomes], i) => {
    const [, returned, out = ''] = back[i] ?? [];
    const what = `packet ${i + 1} to ${program} (${packet})`;
    if (Number(returned) !== returns) return [`${what} returned ${returned ?? 'nothing'} instead of ${returns}`];
    return becomes === undefined || becomes.test(out) ? [] : [`${what} became ${out} instead of ${String(becomes)}`];
  });
}
