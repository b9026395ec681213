import { expect, it } from 'vitest';
import { changeBetween } from './change.ts';

it.each([
  ['a b c', 'a x c', { start: 2, end: 3, newText: 'x' }],
  ['same', 'same', { start: 4, end: 4, newText: '' }],
  ['aa', 'aaa', { start: 2, end: 2, newText: 'a' }],
  ['', 'new', { start: 0, end: 0, newText: 'new' }],
  ['a\r\nb', 'a\r\rb', { start: 1, end: 3, newText: '\r\r' }],
  ['\u{1f600}', '\u{1f601}', { start: 0, end: 2, newText: '\u{1f601}' }],
])('what turns %j into %j', (before, after, change) => {
  expect(changeBetween(before, after)).toEqual(change);
  expect(before.slice(0, change.start) + change.newText + before.slice(change.end)).toBe(after);
});
