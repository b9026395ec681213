import { PACKET_LENGTH } from '../../../contracts/bytecode/context.ts';
import type { Width } from '../../../contracts/ir/ir.ts';
import { bytesOf } from './bytes.ts';
import type { Kind } from './kinds.ts';
import { AF_INET, fieldOf, PACKET_BYTE, packetCell } from './limits.ts';

/** What one test run is given. */
export interface Input {
  /** The packet with its Ethernet header. */
  readonly data?: Uint8Array;
  readonly context?: Uint8Array;
}

const PROTOCOL_AT = 12;
/** For experiments in one's own network: no program knows it, and the kernel does not look into such a packet. */
const NO_PROTOCOL = Uint8Array.from([0x88, 0xb5]);
/** Of a packet nobody asks the length of. */
const LENGTH = 64;

/** The bytes with which an event happens. What nobody reads is 0. */
export function inputOf(kind: Kind, widths: ReadonlyMap<string, Width>, reads: ReadonlyMap<string, bigint>): Input {
  const values = [...widths].map(([name, width]) => ({ name, width, value: reads.get(name) ?? 0n }));
  const context = contextOf(kind, values);
  return { ...(kind.length && { data: packetOf(kind, values, reads) }), ...(context && { context }) };
}

interface Read {
  readonly name: string;
  readonly width: Width;
  readonly value: bigint;
}

function packetOf({ header }: Kind, values: readonly Read[], reads: ReadonlyMap<string, bigint>): Uint8Array {
  const ofField = (field: string): bigint | undefined => values.find(({ name }) => fieldOf(name) === field)?.value;
  const length = values.find(({ name }) => name === PACKET_LENGTH)?.value ?? ofField('len');
  const packet = new Uint8Array(header + Number(length ?? LENGTH));
  const put = (offset: number, bytes: Uint8Array): void => bytes.forEach((byte, i) => void (offset + i < packet.length && (packet[offset + i] = byte)));
  const protocol = ofField('protocol');
  put(PROTOCOL_AT, protocol === undefined ? NO_PROTOCOL : bytesOf(protocol, 2));
  for (const { name, width, value } of values) {
    const cell = packetCell(name, width);
    if (cell) put(header + cell.offset, bytesOf(value, cell.bytes));
  }
  for (const [name, value] of reads) {
    const offset = name.startsWith(`${PACKET_BYTE} of `) ? Number(name.slice(PACKET_BYTE.length + 4)) : undefined;
    if (offset !== undefined && offset < packet.length) put(header + offset, bytesOf(value, 1));
  }
  return packet;
}

function contextOf({ name, contextBytes, chosen }: Kind, values: readonly Read[]): Uint8Array | undefined {
  if (contextBytes === 0) return undefined;
  const context = new Uint8Array(contextBytes);
  if (name === 'sk_lookup') context.set(bytesOf(AF_INET, 4), chosen.get('family')?.offset);
  for (const { name: read, value } of values) {
    const field = chosen.get(fieldOf(read) ?? '');
    if (field) context.set(bytesOf(value, field.bytes), field.offset);
  }
  return context;
}
