import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from './near.ts';

describe('the nearest names', () => {
  it.each([
    ['prinf', ['print', 'printf', 'path'], 'printf'],
    ['cout', ['clear', 'count', 'cut'], 'count'],
    ['hsit', ['hist', 'lhist'], 'hist'],
    ['nsec', ['nsecs', 'uses'], 'nsecs'],
    ['Kstack', ['ustack', 'kstack'], 'kstack'],
  ])('%s, of %j, is %s', (word, names, meant) => {
    expect(nearest(word, names)).toEqual([meant]);
  });
  it('are none when too much differs, and never the word itself', () => {
    expect(nearest('xyzzy', ['printf', 'xyzzy'])).toEqual([]);
  });
  it('come best first, as many as asked for', () => {
    expect(nearest('stats', ['stat', 'states', 'start', 'status'], 3)).toEqual(['states', 'status', 'stat']);
  });
});

describe('the distance', () => {
  it('counts a swap of neighbours once, and stops counting beyond what matters', () => {
    expect([editDistance('hsit', 'hist', 3), editDistance('', 'abc', 5), editDistance('abcdef', 'uvwxyz', 2)]).toEqual([1, 3, 3]);
  });
});
