import { resolve, type CStruct } from '../../kernel/ctype.ts';
import type { Term } from '../terms/term.ts';
import type { Cells } from './cells.ts';
import type { Layouts, Leaf } from './layout.ts';
import type { BpfProgram } from './object.ts';
import type { Output } from './output.ts';
import { number, type Region, type Value } from './value.ts';

/** How a program is declared: `int BPF_PROG(name, struct sock *sk)`. */
export interface Declared {
  readonly name: string;
  /** `BPF_PROG`, `BPF_KPROBE`, when it is declared by such a macro. */
  readonly macro: string | undefined;
  /** Names of its parameters, behind the name for a macro. */
  readonly params: readonly string[];
}

/** Where a packet begins in the addresses of a proof; no other address is near. */
export const PACKET_AT = 0x1000_0000n;
export const PACKET_LENGTH = 'packet length';
/** Structs whose `data` and `data_end` lead to a packet. */
const WITH_PACKET = new Set(['xdp_md', '__sk_buff']);
/** Fields of `struct pt_regs` that hold a function's parameters and its result on x86-64. */
const REGISTERS = ['di', 'si', 'dx', 'cx', 'r8', 'r9'];

/** What a program is given: reads of it are named as the source does. */
export class Context {
  readonly region: Region = { kind: 'context' };
  readonly packet: Region = { kind: 'packet' };
  readonly #out: Output;
  readonly #cells: Cells;
  readonly #leaves: readonly Leaf[];
  readonly #struct: string;
  readonly #declared: Declared;

  constructor(out: Output, layouts: Layouts, cells: Cells, declared: Declared, struct: CStruct | undefined) {
    this.#out = out;
    this.#cells = cells;
    this.#declared = declared;
    this.#struct = struct?.name ?? '';
    this.#leaves = struct ? layouts.leaves(struct) : [];
  }

  /** Bytes as they were when the program was entered. */
  read(offset: number, bytes: number): Value {
    const leaf = this.#leaves.find((one) => one.offset <= offset && one.offset + one.bytes >= offset + bytes);
    if (leaf && WITH_PACKET.has(this.#struct) && (leaf.name === 'data' || leaf.name === 'data_end')) return this.#packetEnd(leaf.name, bytes);
    if (leaf) return number(this.#part(this.#name(leaf), leaf, offset, bytes));
    const cell = this.#cells.at(offset, bytes);
    const word = offset % 8 === 0 && bytes === 8 ? this.#argument(offset / 8) : undefined;
    return number(word === undefined ? this.#part(`ctx[${cell.offset}]`, cell, offset, bytes) : this.#out.read(word, 64));
  }

  #part(name: string, whole: { readonly offset: number; readonly bytes: number }, offset: number, bytes: number): Term {
    return this.#out.terms.extract(this.#out.read(name, whole.bytes * 8), (offset - whole.offset) * 8, bytes * 8);
  }

  /** The packet begins at a fixed place, and ends as far behind it as it is long. */
  #packetEnd(name: string, bytes: number): Value {
    const { terms } = this.#out;
    const length = terms.zext(this.#out.read(PACKET_LENGTH, 16), 64);
    const offset = name === 'data' ? terms.bits(0n, 64) : length;
    const address = terms.arithmetic('add', terms.bits(PACKET_AT, 64), offset);
    return bytes === 4 || bytes === 8 ? { term: address, places: [{ region: this.packet, offset, when: terms.yes }] } : number(terms.extract(address, 0, bytes * 8));
  }

  #name({ name }: Leaf): string {
    const { macro, params } = this.#declared;
    const register = REGISTERS.indexOf(name);
    if (macro !== undefined && this.#struct === 'pt_regs') return (name === 'ax' ? params[0] : params[register]) ?? `ctx->${name}`;
    return `${params[0] ?? 'ctx'}->${name}`;
  }

  /** Programs of `BPF_PROG` are given words, one for each parameter. */
  #argument(index: number): string | undefined {
    return this.#declared.macro === undefined ? `${this.#declared.params[0] ?? 'ctx'}[${index}]` : this.#declared.params[index];
  }
}

/** The struct that the first parameter of a program points to. */
export function contextStruct(prototype: ReturnType<BpfProgram['prototype']>): CStruct | undefined {
  const type = prototype?.[0] && resolve(prototype[0].type);
  const to = type?.kind === 'pointer' ? resolve(type.to()) : undefined;
  return to?.kind === 'struct' ? to : undefined;
}
