import { describe, expect, it } from 'vitest';
import { UserError } from '../../base/error.ts';
import { Binary, type BinaryParts } from './binary.ts';

/** Words of 4 bytes, the low byte first unless told otherwise. */
function words(values: readonly number[], littleEndian = true): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  values.forEach((value, i) => new DataView(bytes.buffer).setUint32(i * 4, value >>> 0, littleEndian));
  return bytes;
}
const text = (content: string): Uint8Array => Buffer.from(content, 'latin1');
const padded = (bytes: Uint8Array): Uint8Array => Buffer.concat([bytes, new Uint8Array((4 - (bytes.length % 4)) % 4)]);

function note(owner: string, type: number, description: Uint8Array): Uint8Array {
  const name = text(`${owner}\0`);
  return Buffer.concat([words([name.length, description.length, type]), padded(name), padded(description)]);
}

const marker = (provider: string, name: string, args: string): Uint8Array => note('stapsdt', 3, Buffer.concat([new Uint8Array(24), text(`${provider}\0${name}\0${args}\0`)]));
/** A symbol of a file of 64 bits: name, type, address. */
const symbol = (name: number, type: number, value: number): number[] => [name, type, value, 0, 8, 0];
const NAMES = text('\0main\0helper\0imported\0table\0helper.part.0\0');
const at = (name: string): number => Buffer.from(NAMES).indexOf(`\0${name}\0`) + 1;
/** A section header of 64 bits: type, offset, size, link. */
const section = (type: number, link = 0): number[] => [0, type, 0, 0, 0, 0, 0, 0, 0, 0, link, 0, 0, 0, 0, 0];

const symbols = words([...symbol(at('main'), 0x12, 100), ...symbol(at('helper'), 0x0a, 200), ...symbol(at('helper'), 0x02, 300), ...symbol(at('imported'), 0x12, 0), ...symbol(at('table'), 0x11, 400), ...symbol(at('helper.part.0'), 0x02, 500), ...symbol(9999, 0x02, 600)]);
const parts: BinaryParts = {
  header: Buffer.concat([text('\x7fELF\x02\x01\x01'), new Uint8Array(57)]),
  sections: words([...section(0), ...section(2, 2), ...section(3), ...section(7)]),
  contents: new Map([[1, symbols], [2, NAMES], [3, Buffer.concat([note('GNU', 3, text('\xab\xcd')), marker('shop', 'sold', '-4@%edi'), marker('shop', 'sold', '8@%rsi'), marker('bank', 'paid', '')])]]),
};

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
