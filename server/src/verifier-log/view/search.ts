import type { LogText } from '../parse/lines.ts';

/** Lines with a match that are kept; more nobody goes through. */
const MAX_LINES = 100_000;

/** The lines of a text that hold some words, whatever their letters' case. Ascending. */
export function linesWith(text: LogText, words: string): readonly number[] {
  const found: number[] = [];
  if (words === '') return found;
  const pattern = new RegExp(words.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');
  let line = 0;
  for (let m = pattern.exec(text.text); m && found.length < MAX_LINES; m = pattern.exec(text.text)) {
    line = lineAt(text, m.index, line);
    found.push(line);
    pattern.lastIndex = text.end(line) + 1;
  }
  return found;
}

/** The line an offset stands in; it is not before line `from`. */
function lineAt(text: LogText, offset: number, from: number): number {
  let low = from;
  let high = text.count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (text.start(middle) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Which of ascending lines comes next behind `from`, or before it; the other end's when there is none. -1 when there is none at all. */
export function nextOf(lines: readonly number[], from: number, backwards: boolean): number {
  if (lines.length === 0) return -1;
  if (backwards) {
    const before = lines.findLastIndex((line) => line < from);
    return before < 0 ? lines.length - 1 : before;
  }
  const behind = lines.findIndex((line) => line > from);
  return Math.max(0, behind);
}
