import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Deadline } from './deadline.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('stands still while a person is asked, also twice at once', async () => {
  const expired = vi.fn();
  const deadline = new Deadline(1000, expired);
  const answers: (() => void)[] = [];
  const ask = (): Promise<void> => deadline.pausedDuring(() => new Promise<void>((resolve) => answers.push(resolve)));
  await vi.advanceTimersByTimeAsync(900);
  const asked = [ask(), ask()];
  await vi.advanceTimersByTimeAsync(60_000);
  answers[0]?.();
  await asked[0];
  await vi.advanceTimersByTimeAsync(60_000);
  answers[1]?.();
  await asked[1];
  await vi.advanceTimersByTimeAsync(99);
  expect(expired).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(expired).toHaveBeenCalledOnce();
});

it('never expires once cleared, not even by a late answer', async () => {
  const expired = vi.fn();
  const deadline = new Deadline(1000, expired);
  let answer: () => void = () => undefined;
  const asked = deadline.pausedDuring(() => new Promise<void>((resolve) => (answer = resolve)));
  deadline.clear();
  answer();
  await asked;
  await vi.advanceTimersByTimeAsync(5000);
  expect(expired).not.toHaveBeenCalled();
});
