import { describe, expect, it } from 'vitest';
import { tokenBefore, tokenize } from './tokens.ts';

const words = (text: string): string[] => tokenize(text).map((t) => `${t.kind}:${text.slice(t.start, t.end)}`);

describe('tokens', () => {
  it('have kinds', () => {
    expect(words('@x[$1] = count(); // é')).toEqual(['map:@x', 'operator:[', 'variable:$1', 'operator:]', 'operator:=', 'word:count', 'operator:(', 'operator:)', 'operator:;', 'comment:// é']);
  });
  it('keep the dots of a range out of numbers', () => {
    expect(words('0..10 1.5 1e6 0xff 5ms $t.1')).toEqual(['number:0', 'operator:..', 'number:10', 'number:1.5', 'number:1e6', 'number:0xff', 'number:5ms', 'variable:$t', 'operator:.', 'number:1']);
  });
  it('keep brackets of strings and comments inside', () => {
    expect(words('"a\\"}" /* { */ x')).toEqual(['string:"a\\"}"', 'comment:/* { */', 'word:x']);
  });
  it('take a shebang for a comment, behind a byte order mark too', () => {
    expect(words('\uFEFF#!/usr/bin/bpftrace\r\nx')).toEqual(['comment:#!/usr/bin/bpftrace', 'word:x']);
  });
  it('keep opaque stretches whole', () => {
    const text = 'uprobe:/bin//x:f /1/';
    expect(tokenize(text, [{ start: 0, end: 16 }]).map((t) => text.slice(t.start, t.end))).toEqual(['uprobe:/bin//x:f', '/', '1', '/']);
  });
  it('are found by offset', () => {
    const tokens = tokenize('ab + cd');
    expect([0, 1, 3, 4, 7].map((offset) => tokenBefore(tokens, offset))).toEqual([-1, 0, 0, 1, 2]);
  });
});
