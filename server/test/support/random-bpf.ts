/** Bytes of one instruction of BPF. */
export function instruction(opcode: number, dst: number, src: number, offset: number, imm: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, opcode);
  view.setUint8(1, dst | (src << 4));
  view.setInt16(2, offset, true);
  view.setInt32(4, imm | 0, true);
  return bytes;
}

/** `r = value`, in two places. */
export function constant(register: number, value: bigint): Uint8Array {
  const low = instruction(0x18, register, 0, 0, Number(BigInt.asIntN(32, value)));
  const high = instruction(0, 0, 0, 0, Number(BigInt.asIntN(32, value >> 32n)));
  return Uint8Array.from([...low, ...high]);
}

const BINARY = [0x00, 0x10, 0x20, 0x40, 0x50, 0xa0, 0xb0];
const SHIFTS = [0x60, 0x70, 0xc0];
const CONDITIONS = [0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0xa0, 0xb0, 0xc0, 0xd0];
const ATOMICS = [0x00, 0x01, 0x40, 0x41, 0x50, 0x51, 0xa0, 0xa1, 0xe1, 0xf1];
const CORNERS = [0n, 1n, 2n, 0x7fn, 0x80n, 0xffn, 0x8000n, 0xffffn, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn, 0x7fff_ffff_ffff_ffffn, 0x8000_0000_0000_0000n, 0xffff_ffff_ffff_ffffn];
/** Registers that are computed with: r0 to r5. */
export const REGISTERS = 6;
/** Bytes of the stack that are used. */
const STACK = 16;

export interface RandomProgram {
  /** What r0 to r5 are in the beginning. */
  readonly values: readonly bigint[];
  /** Sets them; a proof begins behind. */
  readonly prologue: Uint8Array;
  /** Ends with all of them in r0, its halves together: a run tells only 32 bits. */
  readonly body: Uint8Array;
}

/** Programs of arithmetic, jumps forward and memory of the stack that the verifier accepts; the same for the same seed. */
export class RandomBpf {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  program(length: number): RandomProgram {
    const values = Array.from({ length: REGISTERS }, () => this.value());
    const stack = [0, 1].map((word) => instruction(0x7b, 10, word, -STACK + word * 8, 0));
    const steps = Array.from({ length }, () => this.#step());
    const fold = [1, 2, 3, 4, 5].map((register) => instruction(0xaf, 0, register, 0, 0));
    const halves = [instruction(0xbf, 1, 0, 0, 0), instruction(0x77, 1, 0, 0, 32), instruction(0xaf, 0, 1, 0, 0), instruction(0x95, 0, 0, 0, 0)];
    return { values, prologue: together(values.map((value, register) => constant(register, value))), body: together([...stack, ...steps, ...fold, ...halves]) };
  }

  value(): bigint {
    return this.#below(3) === 0 ? this.#pick(CORNERS) : (BigInt(this.#below(2 ** 32)) << 32n) | BigInt(this.#below(2 ** 32));
  }

  #below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  #pick<T>(from: readonly T[]): T {
    const one = from[this.#below(from.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }

  #step(): Uint8Array {
    const [dst, src] = [this.#below(REGISTERS), this.#below(REGISTERS)];
    const wide = this.#pick([0x04, 0x07]);
    const imm = Number(BigInt.asIntN(32, this.value()));
    switch (this.#below(11)) {
      case 0:
        return instruction(this.#pick(BINARY) | 8 | wide, dst, src, 0, 0);
      case 1:
        return instruction(this.#pick(BINARY) | wide, dst, 0, 0, imm);
      case 2:
        return this.#below(2) === 0 ? instruction(this.#pick(SHIFTS) | 8 | wide, dst, src, 0, 0) : instruction(this.#pick(SHIFTS) | wide, dst, 0, 0, this.#below(wide === 4 ? 32 : 64));
      case 3:
        // Division and remainder, of signed numbers with an offset of 1.
        return this.#below(2) === 0 ? instruction(this.#pick([0x30, 0x90]) | 8 | wide, dst, src, this.#below(2), 0) : instruction(this.#pick([0x30, 0x90]) | wide, dst, 0, this.#below(2), imm || 3);
      case 4:
        return instruction(0x80 | wide, dst, 0, 0, 0);
      case 5:
        return instruction(0xb0 | 8 | wide, dst, src, this.#pick(wide === 4 ? [8, 16] : [8, 16, 32]), 0);
      case 6:
        return instruction(this.#pick([0xd4, 0xdc, 0xd7]), dst, 0, 0, this.#pick([16, 32, 64]));
      case 7:
        return this.#jump(dst, src, imm);
      case 8:
        return this.#store(src);
      case 9:
        return this.#load(dst);
      default:
        return instruction(this.#pick([0xc3, 0xdb]), 10, src, -8 * (1 + this.#below(2)), this.#pick(ATOMICS));
    }
  }

  /** Over the instruction behind it, which is one of arithmetic. */
  #jump(dst: number, src: number, imm: number): Uint8Array {
    const opcode = this.#pick(CONDITIONS) | this.#pick([0x05, 0x06]);
    const jump = this.#below(2) === 0 ? instruction(opcode | 8, dst, src, 1, 0) : instruction(opcode, dst, 0, 1, imm);
    return together([jump, instruction(this.#pick(BINARY) | 0x0f, this.#below(REGISTERS), this.#below(REGISTERS), 0, 0)]);
  }

  #store(src: number): Uint8Array {
    const [size, bytes] = this.#pick([[0x10, 1], [0x08, 2], [0x00, 4], [0x18, 8]] as const);
    return instruction(0x63 | size, 10, src, -bytes * (1 + this.#below(STACK / bytes)), 0);
  }

  #load(dst: number): Uint8Array {
    const [size, bytes] = this.#pick([[0x10, 1], [0x08, 2], [0x00, 4], [0x18, 8]] as const);
    const signed = bytes < 8 && this.#below(2) === 0 ? 0x81 : 0x61;
    return instruction(signed | size, dst, 10, -bytes * (1 + this.#below(STACK / bytes)), 0);
  }
}

export function together(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
