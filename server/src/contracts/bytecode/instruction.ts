import { viewOf } from '../../kernel/elf/object.ts';

/** An instruction of BPF (Documentation/bpf/standardization/instruction-set.rst of the kernel). */
export interface Instruction {
  readonly opcode: number;
  readonly dst: number;
  readonly src: number;
  readonly offset: number;
  /** Signed, 32 bits. */
  readonly imm: number;
  /** The upper 32 bits of the constant, signed, of the only instruction that takes two places. */
  readonly next?: number;
}

export const CLASS = { ld: 0, ldx: 1, st: 2, stx: 3, alu32: 4, jump: 5, jump32: 6, alu64: 7 } as const;
export const LOAD_64 = 0x18;
export const JUMP = { always: 0, call: 0x80, exit: 0x90 } as const;
/** Who is called, by the source register: a helper, another function of the object, a kfunc. */
export const CALLEE = { helper: 0, subprogram: 1, kfunc: 2 } as const;
/** Modes of loads and stores. */
export const MODE = { imm: 0, abs: 0x20, ind: 0x40, mem: 0x60, signed: 0x80, atomic: 0xc0 } as const;

const SIZES: Readonly<Record<number, number>> = { 0: 4, 0x08: 2, 0x10: 1, 0x18: 8 };

export const classOf = ({ opcode }: Instruction): number => opcode & 7;
export const operationOf = ({ opcode }: Instruction): number => opcode & 0xf0;
export const modeOf = ({ opcode }: Instruction): number => opcode & 0xe0;
export const usesRegister = ({ opcode }: Instruction): boolean => (opcode & 8) !== 0;
/** Bytes that a load or store moves. */
export const bytesOf = ({ opcode }: Instruction): number => SIZES[opcode & 0x18] ?? 8;
export const isJump = (one: Instruction): boolean => classOf(one) === CLASS.jump || classOf(one) === CLASS.jump32;
export const isExit = (one: Instruction): boolean => classOf(one) === CLASS.jump && operationOf(one) === JUMP.exit;
export const isCall = (one: Instruction): boolean => classOf(one) === CLASS.jump && operationOf(one) === JUMP.call;

/** Instructions by their place, counted in 8 bytes; there is none at the second half of one that takes two. */
export function decode(bytes: Uint8Array): readonly (Instruction | undefined)[] {
  const view = viewOf(bytes);
  const found: (Instruction | undefined)[] = [];
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const opcode = view.getUint8(at);
    const registers = view.getUint8(at + 1);
    const one = { opcode, dst: registers & 15, src: registers >> 4, offset: view.getInt16(at + 2, true), imm: view.getInt32(at + 4, true) };
    if (opcode === LOAD_64 && at + 16 <= bytes.length) {
      found.push({ ...one, next: view.getInt32(at + 12, true) }, undefined);
      at += 8;
    } else found.push(one);
  }
  return found;
}

/** Places where the instruction after `at` may be: a jump that goes there first, the next one last. */
export function successors(code: readonly (Instruction | undefined)[], at: number): readonly number[] {
  const one = code[at];
  if (!one || isExit(one)) return [];
  const next = at + (one.next === undefined ? 1 : 2);
  if (!isJump(one) || isCall(one)) return [next];
  // `gotol` has its distance in the constant.
  if (operationOf(one) === JUMP.always) return [next + (classOf(one) === CLASS.jump32 ? one.imm : one.offset)];
  return [next + one.offset, next];
}
