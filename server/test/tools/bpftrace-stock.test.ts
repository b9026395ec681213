import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allFaults } from '../../src/language/bpftrace/syntax/all-faults.ts';
import { parseDocument } from '../../src/language/bpftrace/syntax/parse.ts';
import { required } from '../support/local.ts';
import { deleteToken, randomly } from '../support/mutate.ts';
import { parser } from '../support/parser.ts';
import { symbolsOf } from '../support/symbols.ts';

/** The tools of bpftrace's own packages: Debian's, and the newest. */
const FOLDERS = ['/usr/sbin', join(dirname(required('KGENT_TEST_BPFTRACE_NEW')), '../root/usr/sbin')];
const tools = FOLDERS.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith('.bt')).map((name) => join(folder, name)));
const DELETIONS = 15;

it('both packages bring their tools', () => expect(tools.length).toBeGreaterThan(70));

describe.each(tools)('%s', (path) => {
  const text = readFileSync(path, 'utf8');
  const whole = parseDocument(parser, text);

  it('has no fault', () => {
    expect(allFaults(whole)).toEqual([]);
    expect(whole.items.map(({ item }) => item.kind)).not.toContain('bad-item');
  });

  it('without one of its tokens keeps nearly all of the other items', () => {
    const random = randomly(basename(path).length);
    let all = 0;
    let kept = 0;
    for (let i = 0; i < DELETIONS; i++) {
      const { text: edited, at } = deleteToken(text, random);
      const others = symbolsOf(whole, (placed) => at < placed.start || at >= placed.end);
      const still = symbolsOf(parseDocument(parser, edited, whole));
      all += others.size;
      kept += [...others].filter((symbol) => still.has(symbol)).length;
    }
    if (all > 0) expect(kept / all).toBeGreaterThanOrEqual(0.9);
  });
});
