/** Packets as they lie on the wire, in hexadecimal. Lengths and the checksum of IPv4 are right; those of TCP and UDP are left zero. */

export interface Addresses {
  readonly from?: string;
  readonly to?: string;
  readonly ttl?: number;
  /** Flags and offset of the fragment, 16 bits. */
  readonly fragment?: number;
  /** Type of service. */
  readonly tos?: number;
}

export interface Ports extends Addresses {
  readonly sport?: number;
  readonly dport?: number;
  /** Bits of the TCP header: 2 = SYN, 16 = ACK. */
  readonly flags?: number;
  /** In hexadecimal. */
  readonly payload?: string;
}

export const MAC = { us: '020000000001', them: '020000000002' } as const;

const hex = (value: number, bytes: number): string => value.toString(16).padStart(2 * bytes, '0');

/** `c0000201` of `192.0.2.1`. */
export function ip4(text: string): string {
  return text.split('.').map((part) => hex(Number(part), 1)).join('');
}

/** 16 bytes of `2001:db8::1`. */
export function ip6(text: string): string {
  const [head = '', tail] = text.split('::');
  const words = (part: string): string[] => part.split(':').filter((w) => w !== '').map((w) => w.padStart(4, '0'));
  const before = words(head);
  const after = words(tail ?? '');
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0000'), ...after].join('');
}

/** A number as this machine keeps it in memory. */
export function little(value: number, bytes: number): string {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer.subarray(0, bytes).toString('hex');
}

/** A number in network byte order. */
export const network = hex;

export function ethernet(protocol: number, rest: string): string {
  const frame = `${MAC.us}${MAC.them}${hex(protocol, 2)}${rest}`;
  return frame.padEnd(120, '0');
}

export function vlan(tag: number, frame: string): string {
  return `${frame.slice(0, 24)}8100${hex(tag, 2)}${frame.slice(24)}`;
}

/** The sum of 16-bit words that IPv4's header carries. */
export function checksum(header: string): number {
  let sum = 0;
  for (let i = 0; i < header.length; i += 4) sum += parseInt(header.slice(i, i + 4).padEnd(4, '0'), 16);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return 0xffff - sum;
}

export function ipv4(protocol: number, rest: string, { from = '192.0.2.1', to = '198.51.100.2', ttl = 64, fragment = 0, tos = 0 }: Addresses = {}): string {
  const start = `45${hex(tos, 1)}${hex(20 + rest.length / 2, 2)}0001${hex(fragment, 2)}${hex(ttl, 1)}${hex(protocol, 1)}`;
  const ends = ip4(from) + ip4(to);
  return ethernet(0x0800, `${start}${hex(checksum(`${start}0000${ends}`), 2)}${ends}${rest}`);
}

export function ipv6(protocol: number, rest: string, { from = '2001:db8::1', to = '2001:db8::2', ttl = 64 }: Addresses = {}): string {
  return ethernet(0x86dd, `60000000${hex(rest.length / 2, 2)}${hex(protocol, 1)}${hex(ttl, 1)}${ip6(from)}${ip6(to)}${rest}`);
}

function tcpSegment({ sport = 40_000, dport = 80, flags = 2, payload = '' }: Ports): string {
  return `${hex(sport, 2)}${hex(dport, 2)}000003e80000000050${hex(flags, 1)}721000000000${payload}`;
}

function udpDatagram({ sport = 40_000, dport = 53, payload = '' }: Ports): string {
  return `${hex(sport, 2)}${hex(dport, 2)}${hex(8 + payload.length / 2, 2)}0000${payload}`;
}

export const tcp4 = (ports: Ports = {}): string => ipv4(6, tcpSegment(ports), ports);
export const tcp6 = (ports: Ports = {}): string => ipv6(6, tcpSegment(ports), ports);
export const udp4 = (ports: Ports = {}): string => ipv4(17, udpDatagram(ports), ports);
export const udp6 = (ports: Ports = {}): string => ipv6(17, udpDatagram(ports), ports);
/** An echo request. */
export const ping4 = (addresses: Addresses = {}): string => ipv4(1, '0800f7fe00010000', addresses);
export const ping6 = (addresses: Addresses = {}): string => ipv6(58, '80007ffd00010000', addresses);
/** Who has `to`? Tell `from`. */
export const arp = ({ from = '192.0.2.1', to = '192.0.2.2' }: Addresses = {}): string => ethernet(0x0806, `0001080006040001${MAC.them}${ip4(from)}000000000000${ip4(to)}`);
/** Cut after so many bytes. */
export const cut = (packet: string, bytes: number): string => packet.slice(0, 2 * bytes);
