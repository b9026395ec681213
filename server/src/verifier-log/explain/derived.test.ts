import { expect, it } from 'vitest';
import { decodeInstruction } from '../parse/instruction.ts';
import { parseValue, property } from '../state/value.ts';
import { derivedValue } from './derived.ts';

/** The largest number an instruction gives where r1 held `known`. */
const most = (text: string, opcode: number, known = 'scalar()'): number | undefined => property(derivedValue(decodeInstruction(text, 0, opcode), () => parseValue(known)), 'umax');

it.each([
  ['r1 &= 60', 0x57, 60],
  ['r1 &= -8', 0x57, undefined],
  ['r1 = *(u8 *)(r2 +0)', 0x71, 255],
  ['r1 = *(u16 *)(r2 +4)', 0x69, 65535],
  // Four bytes of the context may be a pointer into the packet.
  ['r1 = *(u32 *)(r2 +76)', 0x61, undefined],
])('%s', (text, opcode, expected) => expect(most(text, opcode)).toBe(expected));

it('a shift multiplies what is known', () => {
  expect(most('r1 <<= 3', 0x67, 'scalar(smin=0,smax=15,umax=15)')).toBe(120);
  expect(most('r1 <<= 3', 0x67)).toBeUndefined();
});
