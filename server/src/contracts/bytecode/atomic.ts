import type { Arithmetic, Term } from '../terms/term.ts';
import { widthOf } from '../terms/term.ts';
import type { Terms } from '../terms/terms.ts';
import type { Access, State } from './access.ts';
import { bytesOf, type Instruction } from './instruction.ts';
import { number, type Value } from './value.ts';

const OPERATIONS: Readonly<Record<number, Arithmetic>> = { 0x00: 'add', 0x40: 'or', 0x50: 'and', 0xa0: 'xor' };
const FETCH = 1;
const EXCHANGE = 0xe1;
const COMPARE = 0xf1;
const ACQUIRE = 0x100;
const RELEASE = 0x110;

/** What an atomic instruction does to memory and registers; nothing comes between in a proof. Undefined for one that is not known. */
export function atomic(terms: Terms, access: Access, one: Instruction, state: State, address: Value, source: Value, when: Term): State | undefined {
  const bits = bytesOf(one) * 8;
  const own = terms.extract(source.term, 0, bits);
  if (one.imm === RELEASE) return access.store(state, address, bits === 64 ? source : number(own), when);
  const old = access.load(state, address, bits / 8);
  const set = (at: State, register: number): State => ({ ...at, registers: at.registers.map((value, i) => (i === register ? (widthOf(old.term) === 64 ? old : number(terms.zext(old.term, 64))) : value)) });
  const store = (term: Term): State => access.store(state, address, number(term), when);
  // Here the source register is the address, and the other one is set.
  if (one.imm === ACQUIRE) return undefined;
  if (one.imm === EXCHANGE) return set(store(own), one.src);
  if (one.imm === COMPARE) {
    const expected = terms.extract(state.registers[0]?.term ?? terms.bits(0n, 64), 0, bits);
    return set(store(terms.ite(terms.eq(old.term, expected), own, old.term)), 0);
  }
  const operation = OPERATIONS[one.imm & ~FETCH];
  if (!operation) return undefined;
  const after = store(terms.arithmetic(operation, old.term, own));
  return (one.imm & FETCH) === 0 ? after : set(after, one.src);
}
