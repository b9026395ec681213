import { describe, expect, it } from 'vitest';
import { UserError } from '../../base/error.ts';
import { elfParts, marker, note } from '../../../test/support/elf.ts';
import { Binary } from './binary.ts';

const text = (content: string): Uint8Array => Buffer.from(content, 'latin1');
const parts = elfParts(
  [
    { name: 'main', info: 0x12, value: 100 },
    { name: 'helper', info: 0x0a, value: 200 },
    { name: 'helper', info: 0x02, value: 300 },
    { name: 'imported', info: 0x12, value: 0 },
    { name: 'table', info: 0x11, value: 400 },
    { name: 'helper.part.0', info: 0x02, value: 500 },
  ],
  [note('GNU', 3, text('\xab\xcd')), marker('shop', 'sold', '-4@%edi'), marker('shop', 'sold', '8@%rsi'), marker('bank', 'paid', '')],
);

const binary = await Binary.open(parts);

describe('a binary', () => {
  it('the functions it defines, each once, and those split off only when they are named', () => {
    expect(binary.functions('*', 10)).toEqual(['helper', 'main']);
    expect(['helper', 'helper.part.0', 'imported', 'table'].map((name) => binary.hasFunction(name))).toEqual([true, true, false, false]);
    expect([binary.functions('h*', 10), binary.functions('*', 1), binary.similarFunctions('mian', 1)]).toEqual([['helper'], ['helper'], ['main']]);
  });
  it('its markers by provider and name, with the arguments of the first place', () => {
    expect(binary.markers).toEqual([{ provider: 'bank', name: 'paid', arguments: '' }, { provider: 'shop', name: 'sold', arguments: '-4@%edi' }]);
    expect(binary.markersLike('s*').map(({ name }) => name)).toEqual(['sold']);
  });
  it('its build id', () => expect(binary.buildId).toBe('abcd'));
  it('symbols out of a file of their own', async () => {
    const stripped = { ...parts, contents: new Map([...parts.contents].filter(([number]) => number === 3)) };
    expect([(await Binary.open(stripped)).functions('*', 10), (await Binary.open(stripped, parts)).functions('*', 10)]).toEqual([[], ['helper', 'main']]);
  });
  it('no ELF file', async () => {
    for (const header of [text('#!/bin/sh'), new Uint8Array(), text('\x7fELF')]) await expect(Binary.open({ ...parts, header })).rejects.toThrow(UserError);
  });
});

it('damaged ones: an answer or an error, for 2,000 of them', async () => {
  let seed = 1;
  const random = (below: number): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) % below;
  const damaged = (bytes: Uint8Array): Uint8Array => {
    const copy = Uint8Array.from(bytes);
    for (let i = 0; i < 3 && copy.length > 0; i++) copy[random(copy.length)] = random(256);
    return random(3) === 0 ? copy.subarray(0, random(copy.length + 1)) : copy;
  };
  let read = 0;
  for (let i = 0; i < 2000; i++) {
    try {
      const one = await Binary.open({ header: random(10) === 0 ? damaged(parts.header) : parts.header, sections: damaged(parts.sections), contents: new Map([...parts.contents].map(([number, bytes]) => [number, damaged(bytes)])) });
      read += one.functions('*', 100).length + one.markers.length;
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
    }
  }
  expect(read).toBeGreaterThan(1000);
});
