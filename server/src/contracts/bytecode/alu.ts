import type { Arithmetic, Term } from '../terms/term.ts';
import { widthOf } from '../terms/term.ts';
import type { Terms } from '../terms/terms.ts';
import { CLASS, classOf, operationOf, usesRegister, type Instruction } from './instruction.ts';

const PLAIN: Readonly<Record<number, Arithmetic>> = { 0x00: 'add', 0x10: 'sub', 0x20: 'mul', 0x40: 'or', 0x50: 'and', 0x60: 'shl', 0x70: 'lshr', 0xa0: 'xor', 0xc0: 'ashr' };
const DIV = 0x30;
const NEG = 0x80;
const MOD = 0x90;
const MOV = 0xb0;
const END = 0xd0;
const SHIFTS = new Set<Arithmetic>(['shl', 'lshr', 'ashr']);

/** What an arithmetic instruction leaves in its register, of 64 bits; undefined for one that is not known. */
export function arithmetic(terms: Terms, one: Instruction, dst: Term, src: Term): Term | undefined {
  if (operationOf(one) === END) return swap(terms, one, dst);
  const width = classOf(one) === CLASS.alu64 ? 64 : 32;
  const given = usesRegister(one) ? src : terms.bits(BigInt(one.imm), 64);
  const [a, b] = [terms.extract(dst, 0, width), terms.extract(given, 0, width)];
  const result = compute(terms, one, a, b);
  return result && terms.zext(result, 64);
}

function compute(terms: Terms, one: Instruction, a: Term, b: Term): Term | undefined {
  const operation = operationOf(one);
  const plain = PLAIN[operation];
  const width = widthOf(a);
  if (plain) return terms.arithmetic(plain, a, SHIFTS.has(plain) ? terms.arithmetic('and', b, terms.bits(BigInt(width - 1), width)) : b);
  if (operation === NEG) return terms.neg(a);
  if (operation === MOV) return one.offset === 0 ? b : terms.sext(terms.extract(b, 0, one.offset), width);
  const none = terms.eq(b, terms.bits(0n, width));
  // The kernel gives 0 for a division by 0, and what was there for a remainder.
  if (operation === DIV) return terms.ite(none, terms.bits(0n, width), terms.arithmetic(one.offset === 1 ? 'sdiv' : 'udiv', a, b));
  if (operation === MOD) return terms.ite(none, a, terms.arithmetic(one.offset === 1 ? 'srem' : 'urem', a, b));
  return undefined;
}

/** `bswap` always swaps (64-bit class), `be16` does on this little-endian machine, `le16` only cuts off. */
function swap(terms: Terms, one: Instruction, dst: Term): Term | undefined {
  if (one.imm !== 16 && one.imm !== 32 && one.imm !== 64) return undefined;
  const low = terms.extract(dst, 0, one.imm);
  return terms.zext(classOf(one) === CLASS.alu64 || usesRegister(one) ? swapped(terms, low) : low, 64);
}

export function swapped(terms: Terms, value: Term): Term {
  return terms.concat(Array.from({ length: widthOf(value) / 8 }, (_, i) => terms.extract(value, i * 8, 8)));
}

/** Whether a conditional jump is taken; undefined for one that is not known. */
export function condition(terms: Terms, one: Instruction, dst: Term, src: Term): Term | undefined {
  const width = classOf(one) === CLASS.jump ? 64 : 32;
  const given = usesRegister(one) ? src : terms.bits(BigInt(one.imm), 64);
  const [a, b] = [terms.extract(dst, 0, width), terms.extract(given, 0, width)];
  switch (operationOf(one)) {
    case 0x10: return terms.eq(a, b);
    case 0x20: return terms.order('ult', b, a);
    case 0x30: return terms.order('ule', b, a);
    case 0x40: return terms.negate(terms.eq(terms.arithmetic('and', a, b), terms.bits(0n, width)));
    case 0x50: return terms.negate(terms.eq(a, b));
    case 0x60: return terms.order('slt', b, a);
    case 0x70: return terms.order('sle', b, a);
    case 0xa0: return terms.order('ult', a, b);
    case 0xb0: return terms.order('ule', a, b);
    case 0xc0: return terms.order('slt', a, b);
    case 0xd0: return terms.order('sle', a, b);
    default: return undefined;
  }
}
