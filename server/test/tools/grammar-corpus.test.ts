import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { entries, oneLine } from '../grammar/corpus.ts';
import { grammar, parse } from '../grammar/native.ts';

const folder = grammar('test/corpus');

describe.each(readdirSync(folder))('%s', (file) => {
  const all = entries(readFileSync(`${folder}/${file}`, 'utf8'));
  it('has entries, each with a title of its own', () => {
    expect(all.length).toBeGreaterThan(0);
    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
  });
  it.each(all)('$title', ({ source, tree }) => {
    expect(oneLine(parse(source).rootNode.toString())).toBe(oneLine(tree));
  });
});
