import { describe, expect, it } from 'vitest';
import { applyPatches, type Patch } from './patch.ts';

describe('patches', () => {
  it('change nothing when there are none', () => {
    const { text, original } = applyPatches('abc', []);
    expect([text, original(2)]).toEqual(['abc', 2]);
  });

  it.each<[string, readonly Patch[], string, readonly number[]]>([
    ['ab', [{ at: 1, blank: 0, insert: 'XY' }], 'aXYb', [0, 1, 1, 1, 2]],
    ['ab', [{ at: 1, blank: 1, insert: '' }], 'a ', [0, 1, 2]],
    ['abc', [{ at: 2, blank: 0, insert: ')' }, { at: 0, blank: 1, insert: 'B' }], 'B b)c', [0, 0, 1, 2, 2, 3]],
    ['a', [{ at: 1, blank: 0, insert: ')' }, { at: 1, blank: 0, insert: '}' }], 'a)}', [0, 1, 1, 1]],
    ['ab', [{ at: 0, blank: 2, insert: '' }, { at: 0, blank: 0, insert: 'X' }], 'X  ', [0, 0, 1, 2]],
  ])('%j with %j', (text, patches, expected, offsets) => {
    const patched = applyPatches(text, patches);
    expect(patched.text).toBe(expected);
    expect(Array.from({ length: expected.length + 1 }, (_, i) => patched.original(i))).toEqual(offsets);
  });
});
