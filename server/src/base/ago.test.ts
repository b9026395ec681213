import { expect, it } from 'vitest';
import { ago } from './ago.ts';

it.each([
  [-5, 'just now'],
  [59_999, 'just now'],
  [60_000, '1 minute ago'],
  [3_599_999, '59 minutes ago'],
  [7_200_000, '2 hours ago'],
  [3.5 * 86_400_000, '3 days ago'],
])('%d ms', (ms, text) => expect(ago(ms)).toBe(text));
