import { PACKET_AT, PACKET_LENGTH } from '../../../contracts/bytecode/context.ts';
import { apply, bits, type IrExpr, type IrHandler, type Width } from '../../../contracts/ir/ir.ts';
import { walk } from '../../../contracts/prove/uses.ts';
import { ETHERNET, type Kind } from './kinds.ts';
import type { RealObject } from './object.ts';

/** What holds for the input of every test run. */
export interface Limit {
  readonly condition: IrExpr;
  /** `skb->hash is 0 in a test run`: a clause for people. */
  readonly why: string;
}

/** What of a handler's input a test run can choose. */
export interface Limits {
  readonly limits: readonly Limit[];
  /** What nobody can choose, with its bits: times, numbers of processes, memory of the kernel. */
  readonly unchosen: ReadonlyMap<string, Width>;
}

/** What a connection is of where the program does not ask. */
export const AF_INET = 2n;
const AF_INET6 = 10n;
/** Numbers below that in an Ethernet header are lengths. */
const FIRST_PROTOCOL = 6n;
const MAX_U16 = 0xffffn;
const PROTOCOL_AT = 12;
/** What stands in an Ethernet header before IPv4 and IPv6, and how long the header behind it is. */
const IP_HEADERS: readonly (readonly [bytes: readonly number[], size: number])[] = [[[0x08, 0x00], 20], [[0x86, 0xdd], 40]];

/** What a handler reads by itself, with the bits of each. */
export function readsOf({ body }: IrHandler): ReadonlyMap<string, Width> {
  const reads = new Map<string, Width>();
  walk(body, (expr) => {
    if (expr.kind === 'read') reads.set(expr.name, expr.width);
  });
  return reads;
}

/** The name of the context's field that is read so: `mark` of `skb->mark`. */
export function fieldOf(read: string): string | undefined {
  return /^\w+->([\w[\]]+)$/.exec(read)?.[1];
}

/** The bytes of a packet that are read so. */
export function packetCell(read: string, width: Width): { readonly offset: number; readonly bytes: number } | undefined {
  const at = /^packet\[(\d+)\](?: \(\w+\))?$/.exec(read)?.[1];
  return at === undefined || width === 'bool' ? undefined : { offset: Number(at), bytes: width / 8 };
}

/** The read of one byte of a packet at a place that is computed. */
export const PACKET_BYTE = 'packet byte';

const part = (of: IrExpr, low: number): IrExpr => ({ kind: 'apply', op: 'extract', width: 8, args: [of], low });

export function limitsOf(handler: IrHandler, kind: Kind, object: RealObject): Limits {
  return new Limiter(handler, kind, object).all();
}

class Limiter {
  readonly #reads: ReadonlyMap<string, Width>;
  readonly #kind: Kind;
  readonly #object: RealObject;
  readonly #limits: Limit[] = [];
  readonly #unchosen = new Map<string, Width>();

  constructor(handler: IrHandler, kind: Kind, object: RealObject) {
    this.#reads = readsOf(handler);
    this.#kind = kind;
    this.#object = object;
  }

  all(): Limits {
    this.#length();
    for (const [name, width] of this.#reads) this.#read(name, width);
    this.#headers();
    if (this.#kind.name === 'sk_lookup') this.#families();
    return { limits: this.#limits, unchosen: this.#unchosen };
  }

  #must(condition: IrExpr, why: string): void {
    this.#limits.push({ condition, why });
  }

  #is(name: string, width: Width, value: bigint, why: string): void {
    this.#must(apply('eq', 'bool', { kind: 'read', name, width }, bits(value, width === 'bool' ? 1 : width)), why);
  }

  #between(expr: IrExpr, width: number, min: number | bigint, max: number | bigint, why: string): void {
    this.#must(apply('ule', 'bool', bits(min, width), expr), why);
    this.#must(apply('ule', 'bool', expr, bits(max, width)), why);
  }

  #length(): void {
    const { length, header } = this.#kind;
    if (!length || !this.#reads.has(PACKET_LENGTH)) return;
    this.#between({ kind: 'read', name: PACKET_LENGTH, width: 16 }, 16, length.min, length.max, `the packet of a test run has ${length.min + header} to ${length.max + header} bytes with its Ethernet header`);
  }

  #read(name: string, width: Width): void {
    const field = fieldOf(name);
    const constant = this.#object.constant(name);
    if (name === PACKET_LENGTH || name === PACKET_BYTE || packetCell(name, width)) return;
    if (constant !== undefined) this.#is(name, width, constant, `${name} is ${constant} as it is compiled`);
    else if (name.startsWith('bpf_ringbuf_reserve succeeds')) this.#is(name, width, 1n, 'a new ring buffer has room');
    else if (field === undefined || !this.#field(name, field, width)) this.#unchosen.set(name, width);
  }

  /** Whether something is known of the field. */
  #field(name: string, field: string, width: Width): boolean {
    const { chosen, fixed, length } = this.#kind;
    if (width === 'bool') return false;
    const read: IrExpr = { kind: 'read', name, width };
    const value = fixed.get(field);
    if (field === 'data_meta') this.#is(name, width, PACKET_AT, 'nothing lies before the packet of a test run');
    else if (field === 'len' && length) this.#ofLength(read, width, length);
    else if (field === 'protocol' && length) this.#protocol(name, read, width);
    else if (value !== undefined) {
      this.#is(name, width, value, `${name} is ${value} in a test run`);
      if (field === 'pkt_type') for (let i = 0; i < 6; i++) this.#byteIs(i, bits(0, 8), `${name} follows from the address the packet is sent to`);
    } else if (!chosen.has(field)) return false;
    else this.#range(name, field, read, width);
    return true;
  }

  #ofLength(read: IrExpr, width: number, { min, max }: NonNullable<Kind['length']>): void {
    const why = 'the length of a packet is that of its data in a test run';
    if (this.#reads.has(PACKET_LENGTH)) this.#must(apply('eq', 'bool', read, apply('zext', width, { kind: 'read', name: PACKET_LENGTH, width: 16 })), why);
    else this.#between(read, width, min, max, `a packet of ${min} to ${max} bytes can be made`);
  }

  /** As the kernel reads it from the Ethernet header. */
  #protocol(name: string, read: IrExpr, width: number): void {
    const why = `${name} is the one of the Ethernet header`;
    this.#between(read, width, 0, MAX_U16, why);
    this.#must(apply('ule', 'bool', bits(FIRST_PROTOCOL, 8), part(read, 0)), why);
    if (this.#kind.header > 0) return;
    this.#byteIs(PROTOCOL_AT, part(read, 0), why);
    this.#byteIs(PROTOCOL_AT + 1, part(read, 8), why);
  }

  /** A byte of the packet, where the program reads it; elsewhere it is put there. */
  #byteIs(index: number, value: IrExpr, why: string): void {
    const byte = this.#byte(index);
    if (byte) this.#must(apply('eq', 'bool', byte, value), why);
  }

  #byte(index: number): IrExpr | undefined {
    if (this.#reads.has(PACKET_BYTE)) return { kind: 'read', name: PACKET_BYTE, width: 8, of: bits(index, 64) };
    for (const [name, width] of this.#reads) {
      const cell = packetCell(name, width);
      if (cell && index >= cell.offset && index < cell.offset + cell.bytes) return part({ kind: 'read', name, width }, (index - cell.offset) * 8);
    }
    return undefined;
  }

  #named(field: string): Extract<IrExpr, { kind: 'read' }> | undefined {
    const found = [...this.#reads].find(([name]) => fieldOf(name) === field);
    return found && { kind: 'read', name: found[0], width: found[1] };
  }

  /** A packet of IP that the kernel makes a socket's has a whole header (6.18). */
  #headers(): void {
    const { name, header } = this.#kind;
    if (name !== 'tc' && name !== 'skb') return;
    const protocol = this.#named('protocol');
    const byte = (index: number): IrExpr | undefined => (header === 0 ? this.#byte(PROTOCOL_AT + index) : undefined) ?? (protocol && part(protocol, index * 8));
    const length: IrExpr | undefined = this.#reads.has(PACKET_LENGTH) ? { kind: 'read', name: PACKET_LENGTH, width: 16 } : this.#named('len');
    const [first, second] = [byte(0), byte(1)];
    if (!length || length.kind !== 'read' || length.width === 'bool') return;
    for (const [bytes, size] of IP_HEADERS) {
      const differs = [first, second].flatMap((one, i) => (one ? [apply('negate', 'bool', apply('eq', 'bool', one, bits(bytes[i] ?? 0, 8)))] : []));
      const whole = apply('ule', 'bool', bits(ETHERNET - header + size, length.width), length);
      if (differs.length > 0) this.#must(differs.reduce((rest, one) => apply('disj', 'bool', rest, one), whole), `a packet of IP has its whole header, ${size} bytes`);
    }
  }

  #range(name: string, field: string, read: IrExpr, width: number): void {
    const isShort = field === 'gso_segs' || field === 'gso_size' || field === 'local_port' || (field === 'protocol' && this.#kind.name === 'sk_lookup');
    if (isShort) this.#between(read, width, 0, MAX_U16, `${name} has 16 bits`);
    // 0 stands for the packet's own length.
    if (field === 'wire_len') this.#between(read, width, ETHERNET, MAX_U16, `${name} is at least the packet's length`);
  }

  /** A connection is of one of two families, and has no address of the other. */
  #families(): void {
    const family = this.#named('family');
    const of = (value: bigint): IrExpr => (family ? apply('eq', 'bool', family, bits(value, 32)) : apply('eq', 'bool', bits(AF_INET, 32), bits(value, 32)));
    if (family) this.#must(apply('disj', 'bool', of(AF_INET), of(AF_INET6)), 'a connection of a test run is of IPv4 or IPv6');
    for (const [name, width] of this.#reads) {
      const version = /_ip([46])/.exec(fieldOf(name) ?? '')?.[1];
      if (version === undefined || width === 'bool') continue;
      this.#must(apply('disj', 'bool', of(version === '4' ? AF_INET : AF_INET6), apply('eq', 'bool', { kind: 'read', name, width }, bits(0, width))), 'a connection of one family has no address of the other');
    }
  }
}
