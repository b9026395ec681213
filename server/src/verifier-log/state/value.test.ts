import { describe, expect, it } from 'vitest';
import { constantOf, parseState, parseValue, property, unsignedRange } from './value.ts';
import { inWords } from './words.ts';

describe('a register as it is printed', () => {
  it('5.10 and 6.18 say the same in two spellings', () => {
    expect(parseValue('inv(id=0,umax_value=255,var_off=(0x0; 0xff))')).toMatchObject({ type: 'scalar' });
    for (const text of ['inv(id=0,umax_value=255,var_off=(0x0; 0xff))', 'scalar(smin=smin32=0,smax=umax=smax32=umax32=255,var_off=(0x0; 0xff))']) expect(unsignedRange(parseValue(text))).toEqual({ min: 0n, max: 255n });
  });
  it.each(['inv5', '5', 'P5', '0x5'])('%s is the number 5', (text) => expect(constantOf(parseValue(text))).toBe(5n));
  it('brackets within brackets', () => {
    const value = parseValue('map_value(map=m,ks=4,vs=104,off=16,smin=smin32=0,var_off=(0x0; 0x7c))');
    expect([property(value, 'vs'), property(value, 'off'), value.properties.get('var_off'), value.properties.get('map')]).toEqual([104, 16, '(0x0; 0x7c)', 'm']);
  });
});

describe('a state', () => {
  it('registers, slots and the frame', () => {
    const state = parseState(' frame1: R1_w=ctx(off=0,imm=0) R2=fp-4 R10=fp0 fp-8_w=mmmm???? fp-16=map_value_or_null(id=1,map=m,ks=4,vs=8) refs=2');
    expect(state.frame).toBe(1);
    expect([...state.registers.keys()]).toEqual([1, 2, 10]);
    expect(property(state.registers.get(2), 'off')).toBe(-4);
    expect(state.slots.get(-8)?.type).toBe('mmmm????');
    expect(state.slots.get(-16)?.type).toBe('map_value_or_null');
  });
  it('what is no state gives none', () => expect(parseState('R(=) fp-=((( R1').registers.size).toBe(0));
});

it.each([
  ['map_value_or_null(id=1,map=m,ks=4,vs=8)', 'a map value of m (8 bytes), or NULL'],
  ['pkt(off=14,r=34)', 'a packet pointer + 14, 34 bytes of the packet proved to be there'],
  ['scalar(umin=1,umax=20)', 'a number from 1 to 20'],
  ['scalar()', 'a number of which nothing is known'],
  ['trusted_ptr_task_struct()', 'a pointer to struct task_struct'],
  ['fp-16', 'an address on the stack - 16'],
])('%s in words', (text, words) => expect(inWords(parseValue(text))).toBe(words));
