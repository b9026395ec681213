import { describe, expect, it } from 'vitest';
import { analyze } from '../language/bpftrace/analysis/analyze.ts';
import { parse } from '../../test/support/marked.ts';
import { bundled } from '../../test/support/inventory.ts';
import { LineIndex } from '../base/line-index.ts';
import { judgedAgainst, NEWEST_BPFTRACE } from './against.ts';
import { finding, type Finding, type Repair } from './finding.ts';
import { syntaxFindings } from './from-language.ts';
import { proved, type JudgeText } from './prove.ts';
import { repaired, sureEdits, sureRepair } from './repairs.ts';
import { judge } from './semantics.ts';

const against = judgedAgainst('none', undefined, bundled, true);
const judgeText: JudgeText = (text) => {
  const document = parse(text);
  const lines = new LineIndex(text);
  return Promise.resolve([...syntaxFindings(document, lines), ...judge(analyze(document, against), lines, undefined)]);
};

function repair(title: string, start: number, end: number, newText: string): Repair {
  return { title, sure: false, edits: [{ range: { start: { line: 0, character: start }, end: { line: 0, character: end } }, newText }] };
}

/** A finding about a one-line program, with repairs of ours instead of its own. */
async function withRepairs(text: string, ...repairs: Repair[]): Promise<Finding> {
  const [found] = await judgeText(text);
  if (!found) throw new Error('nothing is wrong');
  const [result] = await proved(text, [{ ...found, repairs }], judgeText);
  return result ?? found;
}

describe('a repair', () => {
  it('is sure when the finding is gone and nothing new is wrong', async () => {
    const { repairs } = await withRepairs('BEGIN { print(nsec); }', repair('right', 14, 18, 'nsecs'), repair('as wrong', 14, 18, 'nsek'), repair('breaks the text', 14, 18, '(nsecs'), repair('wrong elsewhere', 14, 18, 'nosuch()'));
    expect(repairs.map(({ title, sure }) => [title, sure])).toEqual([['right', true], ['as wrong', false], ['breaks the text', false], ['wrong elsewhere', false]]);
  });
  it('is sure though the same is wrong in another place', async () => {
    const { repairs } = await withRepairs('BEGIN { print(nsec); print(nsec); }', repair('one of two', 14, 18, 'nsecs'));
    expect(repairs[0]?.sure).toBe(true);
  });
  it('is judged against the newest bpftrace where there is no target', () => expect(against.version).toEqual(NEWEST_BPFTRACE));
});

describe('what may be repaired unasked', () => {
  const at = (character: number, ...repairs: Repair[]): Finding => ({ ...finding('semantics', 'x', 'error', 'x', { start: { line: 0, character }, end: { line: 0, character: character + 1 } }), repairs });
  const sure = (r: Repair): Repair => ({ ...r, sure: true });
  it('is the only sure repair: a choice is a person\'s', () => {
    expect(sureRepair(at(0, repair('a', 0, 1, 'a'), sure(repair('b', 0, 1, 'b'))))?.title).toBe('b');
    expect(sureRepair(at(0, sure(repair('a', 0, 1, 'a')), sure(repair('b', 0, 1, 'b'))))).toBeUndefined();
  });
  it('does not overlap', () => {
    const edits = sureEdits([at(3, sure(repair('b', 3, 5, 'B'))), at(0, sure(repair('a', 0, 1, 'A'))), at(4, sure(repair('c', 4, 6, 'C'))), at(3, sure(repair('d', 3, 3, 'D')))]);
    expect(edits.map(({ newText }) => newText)).toEqual(['A', 'B']);
    expect(repaired('a..bb.', { edits })).toBe('A..B.');
  });
  it('keeps CRLF and characters of two units in place', () => {
    const edits = [{ range: { start: { line: 1, character: 2 }, end: { line: 1, character: 3 } }, newText: 'x' }, { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, newText: '-' }];
    expect(repaired('a\r\n𝛼b\r\n', { edits })).toBe('-a\r\n𝛼x\r\n');
  });
});
