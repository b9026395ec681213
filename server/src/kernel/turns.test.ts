import { describe, expect, it } from 'vitest';
import { inPieces, Later, runInTurns, runWhenIdle, type Steps } from './turns.ts';

/** Work of five steps that tells how far it is. */
function counting(): { readonly done: number[]; readonly steps: Steps<number> } {
  const done: number[] = [];
  const work = function* (): Steps<number> {
    yield* inPieces(5, 1, (from) => done.push(from));
    return done.length;
  };
  return { done, steps: work() };
}

describe('what is made later', () => {
  it('is made at once when it is asked for, and once', () => {
    const { done, steps } = counting();
    const later = new Later(steps);
    expect(done).toEqual([]);
    expect([later.get(), later.get(), done]).toEqual([5, 5, [0, 1, 2, 3, 4]]);
  });

  it('is made ahead in turns, and what is left when it is asked for meanwhile', async () => {
    const { done, steps } = counting();
    const later = new Later(steps);
    const ahead = later.ahead();
    ahead.next();
    ahead.next();
    expect(done.length).toBe(2);
    expect(later.get()).toBe(5);
    await runInTurns(ahead);
    expect(done.length).toBe(5);
  });

  it('tells what went wrong to whoever asks, and to nobody else', async () => {
    const later = new Later<number>((function* (): Steps<number> {
      yield;
      throw new Error('damaged');
    })());
    await runInTurns(later.ahead());
    expect(() => later.get()).toThrow('damaged');
    expect(() => later.get()).toThrow('damaged');
  });
});

describe('what is done while nobody asks', () => {
  it('waits as long as others are busy', async () => {
    const { done, steps } = counting();
    const idle = runWhenIdle(steps);
    const end = performance.now() + 200;
    while (performance.now() < end) {
      const busyUntil = performance.now() + 5;
      while (performance.now() < busyUntil);
      await new Promise((resolve) => void setImmediate(resolve));
    }
    expect(done).toEqual([]);
    expect(await idle).toBe(5);
  });
});
