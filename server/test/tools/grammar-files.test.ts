import { describe, expect, it } from 'vitest';
import { examples, stock, type File } from '../grammar/files.ts';
import { faults, parse } from '../grammar/native.ts';

const said = (text: string): string[] => faults(parse(text).rootNode).map(({ type, startPosition }) => `${startPosition.row + 1}:${startPosition.column + 1} ${type}`);
const programs: readonly File[] = [...stock(), ...examples()];

it('there are programs of both packages', () => {
  expect(stock().length).toBeGreaterThan(60);
});

describe.each(programs)('$path', ({ text }) => {
  it('has no error node', () => {
    expect(said(text)).toEqual([]);
  });
  it('nor with CRLF, a byte order mark and tabs: the tree is the same', () => {
    const whole = parse(text).rootNode.toString();
    expect(parse(text.replaceAll('\n', '\r\n')).rootNode.toString()).toBe(whole);
    expect(parse(`\uFEFF${text}`).rootNode.toString()).toBe(whole);
    expect(parse(text.replaceAll(/^ +/gm, '\t')).rootNode.toString()).toBe(whole);
  });
});
