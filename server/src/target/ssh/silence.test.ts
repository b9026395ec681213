import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { silentLog } from '../../base/log.ts';
import { Silence } from './silence.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells once of a host that is silent while something runs, and once when it answers again', () => {
  const told: string[] = [];
  let bytes = 0;
  const silence = new Silence('dev@web', 5_000, () => bytes, { ...silentLog, warn: (message) => told.push(message) });
  vi.advanceTimersByTime(60_000);
  silence.watch(true);
  for (let i = 0; i < 10; i++) {
    vi.advanceTimersByTime(5_000);
    bytes += 50; // the answer to a keepalive
  }
  expect(told).toEqual([]);
  vi.advanceTimersByTime(30_000);
  expect(told).toEqual(['Waiting for dev@web: nothing has come from it for 8 s …']);
  bytes++;
  vi.advanceTimersByTime(2_000);
  expect(told.slice(1)).toEqual(['dev@web answers again.']);
  silence.watch(false);
  vi.advanceTimersByTime(60_000);
  expect(told.length).toBe(2);
});
