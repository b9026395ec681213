import { describe, expect, it } from 'vitest';
import { Secrets } from './secrets.ts';
import type { SecretUse } from './target.ts';

/** A person who answers when told to. */
function person() {
  const asked: [string, SecretUse | undefined, (answer: string | undefined) => void][] = [];
  const verdicts: string[] = [];
  const secrets = new Secrets({
    trustHostKey: (host) => new Promise((resolve) => asked.push([host, undefined, (answer) => resolve(answer === 'yes')])),
    secret: (what, use) => new Promise((resolve) => asked.push([what, use, resolve])),
    judged: (key, verdict) => verdicts.push(`${key} ${verdict}`),
  });
  const questions = (): string[] => asked.map(([what]) => what);
  /** Answers the newest question, as soon as it is there. */
  const answer = async (count: number, text: string | undefined): Promise<void> => {
    while (asked.length < count) await Promise.resolve();
    asked[count - 1]?.[2](text);
  };
  return { secrets, asked, verdicts, questions, answer };
}

describe('what a person is asked', () => {
  it('one thing at a time, a host key too', async () => {
    const { secrets, questions, answer } = person();
    const all = Promise.all([secrets.answer({ what: 'a', key: 'a' }), secrets.trustHostKey('host', 'type', 'print'), secrets.answer({ what: 'b' })]);
    await answer(1, '1');
    expect(questions()).toEqual(['a']);
    await answer(2, 'yes');
    await answer(3, undefined);
    expect(await all).toEqual(['1', true, undefined]);
    expect(questions()).toEqual(['a', 'host', 'b']);
  });
  it('once for one key, also when many ask at the same time; each time without a key', async () => {
    const { secrets, questions, answer } = person();
    const both = Promise.all([secrets.answer({ what: 'a', key: 'k' }), secrets.answer({ what: 'a', key: 'k' })]);
    await answer(1, 'x');
    expect(await both).toEqual(['x', 'x']);
    expect(await secrets.answer({ what: 'a', key: 'k' })).toBe('x');
    const codes = Promise.all([secrets.answer({ what: 'code' }), secrets.answer({ what: 'code' })]);
    await answer(2, '1');
    await answer(3, '2');
    expect([await codes, questions()]).toEqual([['1', '2'], ['a', 'code', 'code']]);
  });
  it('again when the answer was wrong, and then the one who keeps secrets is told so', async () => {
    const { secrets, asked, verdicts, answer } = person();
    const first = secrets.answer({ what: 'a', key: 'k' });
    await answer(1, 'bad');
    secrets.judge('k', (await first) ?? '', 'wrong');
    const second = secrets.answer({ what: 'a', key: 'k', refused: 'bad' });
    await answer(2, 'good');
    secrets.judge('k', (await second) ?? '', 'right');
    secrets.judge('k', 'good', 'right');
    expect(verdicts).toEqual(['k wrong', 'k right']);
    expect(asked.map(([, use]) => use)).toEqual([{ key: 'k' }, { key: 'k', again: true }]);
    expect(await secrets.answer({ what: 'a', key: 'k' })).toBe('good');
  });
  it('a late verdict over an older answer leaves the newer one alone', async () => {
    const { secrets, answer } = person();
    const first = secrets.answer({ what: 'a', key: 'k' });
    await answer(1, 'old');
    await first;
    const second = secrets.answer({ what: 'a', key: 'k', refused: 'old' });
    await answer(2, 'new');
    await second;
    secrets.judge('k', 'old', 'wrong');
    expect(await secrets.answer({ what: 'a', key: 'k' })).toBe('new');
  });
  it('nothing was given: the next one who needs it may ask again', async () => {
    const { secrets, answer } = person();
    const first = secrets.answer({ what: 'a', key: 'k' });
    await answer(1, undefined);
    expect(await first).toBeUndefined();
    const second = secrets.answer({ what: 'a', key: 'k' });
    await answer(2, 'x');
    expect(await second).toBe('x');
  });
});
