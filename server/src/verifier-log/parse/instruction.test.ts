import { describe, expect, it } from 'vitest';
import { decodeInstruction, type Instruction } from './instruction.ts';

const cases: readonly (readonly [string, Instruction])[] = [
  ['r6 = r1', { kind: 'move', to: 6, from: { register: 1 }, wide: true }],
  ['w0 = -7', { kind: 'move', to: 0, from: { constant: -7n }, wide: false }],
  ['r1 = (s8)r2', { kind: 'move', to: 1, from: { register: 2 }, wide: true, signExtends: true }],
  ['r3 += r1', { kind: 'arithmetic', to: 3, operator: '+', by: { register: 1 }, wide: true }],
  ['w2 s>>= 3', { kind: 'arithmetic', to: 2, operator: 's>>', by: { constant: 3n }, wide: false }],
  ['r1 = be16 r1', { kind: 'arithmetic', to: 1, operator: 'be', wide: true }],
  ['r1 = *(u8 *)(r2 +14)', { kind: 'load', to: 1, from: { base: 2, offset: 14, size: 1 }, signed: false }],
  ['r0 = *(s32 *)(r10 -8)', { kind: 'load', to: 0, from: { base: 10, offset: -8, size: 4 }, signed: true }],
  ['*(u64 *)(r10 -16) = r0', { kind: 'store', place: { base: 10, offset: -16, size: 8 }, value: { register: 0 } }],
  ['*(u32 *)(r1 +0) = 5', { kind: 'store', place: { base: 1, offset: 0, size: 4 }, value: { constant: 5n } }],
  ['lock *(u64 *)(r0 +8) += r1', { kind: 'atomic', place: { base: 0, offset: 8, size: 8 }, value: 1 }],
  ['r1 = atomic64_fetch_add((u64 *)(r0 +0), r1)', { kind: 'atomic', place: { base: 0, offset: 0, size: 8 }, value: 1, fetches: 1 }],
  ['if w1 s> 0x5 goto pc-2', { kind: 'branch', left: 1, operator: 's>', right: { constant: 5n }, wide: false, target: 9 }],
  ['if r3 > r2 goto pc+8 19: R2=pkt_end() R10=fp0', { kind: 'branch', left: 3, operator: '>', right: { register: 2 }, wide: true, target: 19 }],
  ['goto pc+5', { kind: 'jump', target: 16 }],
  ['may_goto pc+3', { kind: 'jump', target: 14, may: true }],
  ['call bpf_map_lookup_elem#1', { kind: 'call', callee: 'bpf_map_lookup_elem', id: 1 }],
  ['call pc+7', { kind: 'local-call', target: 18 }],
  ['r0 = *(u16 *)skb[12]', { kind: 'packet-load', to: 0, size: 2 }],
  ['exit', { kind: 'exit' }],
  ['gibberish', { kind: 'other' }],
];

describe('instructions as they are printed', () => {
  it.each(cases)('%s', (text, expected) => expect(decodeInstruction(text, 10, 0)).toEqual(expected));
  it('64-bit addresses', () => expect(decodeInstruction('r1 = 0xffff88819aae3800', 4, 0x18)).toEqual({ kind: 'address', to: 1, of: '0xffff88819aae3800' }));
  it('maps of older kernels', () => expect(decodeInstruction('r1 = map[id:3][0]+8', 4, 0x18)).toEqual({ kind: 'address', to: 1, of: 'map[id:3][0]+8' }));
});
