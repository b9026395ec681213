import { describe, expect, it } from 'vitest';
import { parseDuration } from './duration.ts';
import { describeError, UserError } from './error.ts';
import { Lines, range } from './range.ts';
import { printable } from './text.ts';
import { atLeast, parseVersion } from './version.ts';

describe('durations', () => {
  it.each([['5s', 5000], ['1.5m', 90_000], ['200ms', 200], ['2', 2000], ['1h', 3_600_000]])('%s', (text, ms) => expect(parseDuration(text)).toBe(ms));
  it.each(['', 'soon', '-1s', '0', '5 s', '1e9s'])('not %j', (text) => expect(() => parseDuration(text)).toThrow(UserError));
});

describe('lines', () => {
  it('bytes to UTF-16', () => {
    const lines = new Lines('aż🐝b\r\nx');
    expect([0, 1, 3, 7, 8, 99].map((byte) => lines.utf16Column(0, byte))).toEqual([0, 1, 2, 4, 5, 5]);
    expect(lines.count).toBe(2);
  });
  it('clamps into the text', () => {
    expect(new Lines('ab\ncd').clamp(-1, -5, 9, 9)).toEqual(range(0, 0, 1, 2));
    expect(new Lines('ab').clamp(0, 2, 0, 1)).toEqual(range(0, 2, 0, 2));
  });
});

describe('versions', () => {
  it.each([['bpftrace v0.17.0', [0, 17, 0]], ['Debian clang version 14.0.6', [14, 0, 6]]])('%s', (text, version) => expect(parseVersion(text)).toEqual(version));
  it('compare by number', () => {
    expect(atLeast([0, 9, 4], 0, 25)).toBe(false);
    expect(atLeast([0, 25], 0, 25, 0)).toBe(true);
    expect(atLeast([], 0, 17)).toBe(false);
  });
});

describe('text of hosts', () => {
  it('cannot move the cursor', () => expect(printable('a\u001b[2Jb\r\tc\n')).toBe('a\\x1b[2Jb\\x0d\tc\n'));
});

describe('errors', () => {
  it('carry their causes', () => expect(describeError(new UserError('x', 'No file a.', { cause: new Error('ENOENT') }))).toBe('No file a.: ENOENT'));
});
