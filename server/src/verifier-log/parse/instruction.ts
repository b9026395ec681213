/** A register by its number: 0 to 10. */
export type Register = number;

/** Where an instruction reads or writes memory: `*(u32 *)(r6 +16)`. */
export interface MemoryPlace {
  readonly base: Register;
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
}

/** One side of an operation. Constants are kept as BigInt: addresses have 64 bits. */
export type Operand = { readonly register: Register } | { readonly constant: bigint };

/** An instruction as the verifier prints it, decoded. `wide` tells 64-bit operations from 32-bit ones. */
export type Instruction =
  | { readonly kind: 'move'; readonly to: Register; readonly from: Operand; readonly wide: boolean; readonly signExtends?: boolean }
  | { readonly kind: 'address'; readonly to: Register; readonly of: string }
  | { readonly kind: 'arithmetic'; readonly to: Register; readonly operator: string; readonly by?: Operand; readonly wide: boolean }
  | { readonly kind: 'load'; readonly to: Register; readonly from: MemoryPlace; readonly signed: boolean }
  | { readonly kind: 'packet-load'; readonly to: Register; readonly size: number }
  | { readonly kind: 'store'; readonly place: MemoryPlace; readonly value: Operand }
  | { readonly kind: 'atomic'; readonly place: MemoryPlace; readonly value: Register; readonly fetches?: Register }
  | { readonly kind: 'branch'; readonly left: Register; readonly operator: string; readonly right: Operand; readonly wide: boolean; readonly target: number }
  | { readonly kind: 'jump'; readonly target: number; readonly may?: boolean }
  | { readonly kind: 'call'; readonly callee: string; readonly id?: number }
  | { readonly kind: 'local-call'; readonly target: number }
  | { readonly kind: 'exit' }
  | { readonly kind: 'other' };

const SIZE: Readonly<Record<string, number>> = { '8': 1, '16': 2, '32': 4, '64': 8 };

// r0 = *(u64 *)(r1 +8)   |   r0 = *(s8 *)(r1 -1)
const LOAD = /^[rw](\d+) = \*\(([us])(8|16|32|64) ?\*\)\(r(\d+) ?([+-]\d+)\)/;
// *(u64 *)(r10 -8) = r1   |   *(u32 *)(r1 +0) = 5
const STORE = /^\*\([us](8|16|32|64) ?\*\)\(r(\d+) ?([+-]\d+)\) = (\S+)/;
// lock *(u64 *)(r0 +0) += r1
const LOCK = /^lock \*\(u(8|16|32|64) ?\*\)\(r(\d+) ?([+-]\d+)\) (\S+) [rw](\d+)/;
// r1 = atomic64_fetch_add((u64 *)(r0 +0), r1)   |   r0 = atomic64_cmpxchg((u64 *)(r1 +0), r0, r2)   |   r0 = load_acquire((u64 *)(r1 +0))
const ATOMIC = /^[rw](\d+) = (\w+)\(\(u(8|16|32|64) ?\*\)\(r(\d+) ?([+-]\d+)\)(?:, [rw](\d+))?/;
// store_release((u64 *)(r1 +0), r2)
const RELEASE = /^store_release\(\(u(8|16|32|64) ?\*\)\(r(\d+) ?([+-]\d+)\), [rw](\d+)\)/;
// if w1 s> 0x5 goto pc-2
const BRANCH = /^if ([rw])(\d+) (\S+) (\S+) goto pc([+-]\d+)/;
// goto pc+5   |   gotol pc+5   |   may_goto pc+3
const JUMP = /^(may_)?goto(?:l|_or_nop)? pc([+-]\d+)/;
// call bpf_map_lookup_elem#1   |   call pc+5   |   call bpf_obj_new_impl#34221
const CALL = /^callx? (?:pc([+-]\d+)|([\w.]+)(?:#(-?\d+))?)/;
// r0 = *(u32 *)skb[14]   |   r0 = *(u8 *)skb[r1 + 3]
const PACKET = /^r0 = \*\(u(8|16|32) ?\*\)skb\[/;
// r1 = map[id:3]   |   r1 = map[id:3][0]+8
const MAP = /^r(\d+) = (map\[.*)$/;
// r1 = 0xffff88819aae3800 (opcode 18)   |   r1 = 5   |   r2 = r10   |   r3 = (s8)r2   |   w1 = -7
const MOVE = /^([rw])(\d+) = (\((s)(?:8|16|32)\))?(\S+?)(?: ll)?$/;
// r1 += r2   |   w1 s>>= 3   |   r1 *= -5
const ARITHMETIC = /^([rw])(\d+) (\S{1,3})= (\S+)$/;
// r1 = -r1   |   r2 = be16 r2   |   r2 = bswap32 r2   |   r1 = addr_space_cast(r2, 0, 1)
const UNARY = /^([rw])(\d+) = (-(?=[rw])|be|le|bswap|addr_space_cast)/;

const OTHER: Instruction = { kind: 'other' };

/** Decodes what follows `12: (bf) `; `index` is the instruction's own number. Never throws. */
export function decodeInstruction(text: string, index: number, opcode: number): Instruction {
  return decodeMemory(text) ?? decodeJump(text, index) ?? decodeArithmetic(text, opcode) ?? OTHER;
}

function decodeMemory(text: string): Instruction | undefined {
  let m = LOAD.exec(text);
  if (m) return { kind: 'load', to: Number(m[1]), from: place(m[4], m[5], m[3]), signed: m[2] === 's' };
  m = STORE.exec(text);
  if (m) return { kind: 'store', place: place(m[2], m[3], m[1]), value: operand(m[4] ?? '') };
  m = LOCK.exec(text);
  if (m) return { kind: 'atomic', place: place(m[2], m[3], m[1]), value: Number(m[5]) };
  m = ATOMIC.exec(text);
  if (m) {
    const to = Number(m[1]);
    if (m[2] === 'load_acquire') return { kind: 'load', to, from: place(m[4], m[5], m[3]), signed: false };
    return { kind: 'atomic', place: place(m[4], m[5], m[3]), value: Number(m[6] ?? to), fetches: to };
  }
  m = RELEASE.exec(text);
  if (m) return { kind: 'store', place: place(m[2], m[3], m[1]), value: { register: Number(m[4]) } };
  m = PACKET.exec(text);
  return m ? { kind: 'packet-load', to: 0, size: SIZE[m[1] ?? ''] ?? 1 } : undefined;
}

function decodeJump(text: string, index: number): Instruction | undefined {
  let m = BRANCH.exec(text);
  if (m) return { kind: 'branch', left: Number(m[2]), operator: m[3] ?? '', right: operand(m[4] ?? ''), wide: m[1] === 'r', target: index + 1 + Number(m[5]) };
  m = JUMP.exec(text);
  if (m) return { kind: 'jump', target: index + 1 + Number(m[2]), ...(m[1] ? { may: true } : {}) };
  m = CALL.exec(text);
  if (m) {
    if (m[1] !== undefined) return { kind: 'local-call', target: index + 1 + Number(m[1]) };
    return { kind: 'call', callee: m[2] ?? '', ...(m[3] === undefined ? {} : { id: Number(m[3]) }) };
  }
  return text === 'exit' ? { kind: 'exit' } : undefined;
}

function decodeArithmetic(text: string, opcode: number): Instruction | undefined {
  let m = MAP.exec(text);
  if (m) return { kind: 'address', to: Number(m[1]), of: m[2] ?? '' };
  m = UNARY.exec(text);
  if (m) return { kind: 'arithmetic', to: Number(m[2]), operator: m[3] ?? '', wide: m[1] === 'r' };
  m = MOVE.exec(text);
  if (m) {
    const to = Number(m[2]);
    // BPF_LD | BPF_IMM | BPF_DW: an address of the kernel or a 64-bit constant.
    if (opcode === 0x18) return { kind: 'address', to, of: m[5] ?? '' };
    return { kind: 'move', to, from: operand(m[5] ?? ''), wide: m[1] === 'r', ...(m[4] ? { signExtends: true } : {}) };
  }
  m = ARITHMETIC.exec(text);
  if (m) return { kind: 'arithmetic', to: Number(m[2]), operator: m[3] ?? '', by: operand(m[4] ?? ''), wide: m[1] === 'r' };
  return undefined;
}

function place(base: string | undefined, offset: string | undefined, bits: string | undefined): MemoryPlace {
  return { base: Number(base), offset: Number(offset), size: SIZE[bits ?? ''] ?? 8 };
}

function operand(text: string): Operand {
  const register = /^[rw](\d+)$/.exec(text);
  if (register) return { register: Number(register[1]) };
  return { constant: toInteger(text) ?? 0n };
}

/** Reads `-5`, `0x1f`, `18446744073709551615`. Undefined when it is no number. */
export function toInteger(text: string): bigint | undefined {
  if (!/^-?(?:0x[0-9a-f]{1,16}|\d{1,20})$/i.test(text)) return undefined;
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
}

/** The register an instruction gives a new value, if it is one only; a call gives r0 and takes r1 to r5 away. */
export function writtenRegister(instruction: Instruction): Register | undefined {
  switch (instruction.kind) {
    case 'move':
    case 'address':
    case 'arithmetic':
    case 'load':
    case 'packet-load':
      return instruction.to;
    case 'atomic':
      return instruction.fetches;
    case 'call':
      return 0;
    default:
      return undefined;
  }
}

/** The registers whose values an instruction uses; a call's arguments depend on its callee and are not told. */
export function readRegisters(instruction: Instruction): readonly Register[] {
  const of = (operand: Operand): Register[] => ('register' in operand ? [operand.register] : []);
  switch (instruction.kind) {
    case 'move':
      return of(instruction.from);
    case 'arithmetic':
      return [instruction.to, ...(instruction.by ? of(instruction.by) : [])];
    case 'load':
      return [instruction.from.base];
    case 'store':
      return [instruction.place.base, ...of(instruction.value)];
    case 'atomic':
      return [instruction.place.base, instruction.value];
    case 'branch':
      return [instruction.left, ...of(instruction.right)];
    case 'exit':
      return [0];
    default:
      return [];
  }
}
