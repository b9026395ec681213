import { describe, expect, it } from 'vitest';
import { LineIndex } from '../../base/line-index.ts';
import type { Explanation } from '../../verifier-log/explain/explain.ts';
import type { Repair } from '../finding.ts';
import { repaired } from '../repairs.ts';
import { provedRepairs, type Prover, type Verdict } from './prove.ts';

const rejection = (text: string, program = 'p'): Explanation => ({ class: 'unknown', message: '', program, complaint: text, cause: { text }, rejected: { text }, rejectedNote: '', need: { kind: 'other' }, trail: [], tail: [] });

/** A target that loads a text without `bad` and `worse`, and cannot compile `broken`. */
const judge = (text: string): Promise<Verdict> => {
  const left = ['bad', 'worse'].filter((word) => text.includes(word)).map((word) => rejection(word));
  return Promise.resolve(text.includes('broken') ? { kind: 'broken' } : left.length > 0 ? { kind: 'refused', explanations: left.slice(0, 1) } : { kind: 'loaded' });
};

const change = (title: string, from: string, to: string) => (text: string): Repair | undefined => {
  const at = text.indexOf(from);
  return at < 0 ? undefined : { title, sure: false, edits: [{ range: new LineIndex(text).range({ start: at, end: at + from.length }), newText: to }] };
};

const prover = (offers: Record<string, readonly ((text: string) => Repair | undefined)[]>, tried: string[] = []): Prover => ({
  judge: (text) => (tried.push(text), judge(text)),
  repairs: ({ complaint }, text) => (offers[complaint] ?? []).flatMap((offer) => offer(text) ?? []),
});

describe('proving repairs', () => {
  it('the first that makes it load is sure; what does not compile is not offered; the rest stays a suggestion', async () => {
    const tried: string[] = [];
    const found = await provedRepairs('bad\nx\n', rejection('bad'), [rejection('bad')], prover({ bad: [change('one', 'bad', 'broken'), change('two', 'bad', 'good'), change('three', 'bad', 'fine')] }, tried));
    expect(found.map(({ title, sure }) => [title, sure])).toEqual([['two', true], ['three', false]]);
    expect(tried).toEqual(['broken\nx\n', 'good\nx\n']);
  });

  it('what a repair uncovers is repaired with it, as one', async () => {
    const text = 'bad\nx\nworse\ny\n';
    const [sure] = await provedRepairs(text, rejection('bad'), [rejection('bad')], prover({ bad: [change('Check it', 'bad', 'good\nz')], worse: [change('Check that', 'worse', 'better')] }));
    expect(sure).toMatchObject({ title: 'Check it; then check that', sure: true });
    expect(sure && repaired(text, sure)).toBe('good\nz\nx\nbetter\ny\n');
    expect(sure?.edits).toHaveLength(2);
  });

  it('the same complaint elsewhere is progress, in the same place it is none', async () => {
    const at = (text: string): Verdict => {
      const line = text.split('\n').indexOf('leak') + 1;
      return line === 0 ? { kind: 'loaded' } : { kind: 'refused', explanations: [{ ...rejection('leak'), cause: { text: 'leak', line } }] };
    };
    const first = at('leak\nx\nleak\n');
    const [explanation] = first.kind === 'refused' ? first.explanations : [];
    if (!explanation) throw new Error('no explanation');
    const tried: string[] = [];
    const offers = { leak: [change('comment', 'leak', '// so\nleak'), change('release', 'leak', 'released')] };
    const [sure] = await provedRepairs('leak\nx\nleak\n', explanation, [explanation], { ...prover(offers), judge: (text) => (tried.push(text), Promise.resolve(at(text))) });
    expect(sure).toMatchObject({ title: 'release; then release', sure: true });
    expect(tried.filter((text) => text.startsWith('// so\n// so'))).toEqual([]);
  });

  it('what is refused and nobody can explain is no proof, and no end of trying', async () => {
    const found = await provedRepairs('bad', rejection('bad'), [rejection('bad')], { ...prover({ bad: [change('one', 'bad', 'odd'), change('two', 'bad', 'good')] }), judge: (text) => Promise.resolve(text === 'odd' ? { kind: 'refused', explanations: [] } : { kind: 'loaded' }) });
    expect(found.map(({ title, sure }) => [title, sure])).toEqual([['two', true], ['one', false]]);
  });

  it('a program that was not rejected before makes a repair no proof', async () => {
    const found = await provedRepairs('bad', rejection('bad'), [rejection('bad')], { ...prover({ bad: [change('one', 'bad', 'good')] }), judge: () => Promise.resolve({ kind: 'refused', explanations: [rejection('else', 'q')] }) });
    expect(found.map(({ sure }) => sure)).toEqual([false]);
  });

  it('another program that was rejected before does not matter', async () => {
    const found = await provedRepairs('bad', rejection('bad'), [rejection('bad'), rejection('else', 'q')], { ...prover({ bad: [change('one', 'bad', 'good')] }), judge: () => Promise.resolve({ kind: 'refused', explanations: [rejection('else', 'q')] }) });
    expect(found.map(({ sure }) => sure)).toEqual([true]);
  });

  it('tries no more than it may, and nothing when it was cancelled', async () => {
    const tried: string[] = [];
    const offers = { bad: Array.from({ length: 9 }, (_, i) => change(String(i), 'bad', `bad ${i}`)) };
    await provedRepairs('bad', rejection('bad'), [], prover(offers, tried), { tries: 3, ms: 10_000, depth: 4 });
    expect(tried).toHaveLength(3);
    const found = await provedRepairs('bad', rejection('bad'), [], { ...prover(offers, tried), signal: AbortSignal.abort() });
    expect(tried).toHaveLength(3);
    expect(found).toHaveLength(9);
  });
});
