import type { Span } from '../../../base/span.ts';

/** A small change that makes broken text readable for the parser, without the user seeing it. */
export interface Patch {
  readonly at: number;
  /** How many characters become spaces. */
  readonly blank: number;
  readonly insert: string;
}

export interface Patched {
  readonly text: string;
  /** From an offset in `text` to the offset in the text it was made of. */
  readonly original: (offset: number) => number;
}

const same = (offset: number): number => offset;

/** The text with all patches applied. Patches do not overlap. */
export function applyPatches(text: string, patches: readonly Patch[]): Patched {
  if (patches.length === 0) return { text, original: same };
  const starts: number[] = [];
  const shifts: number[] = [];
  let result = '';
  let done = 0;
  let inserted = 0;
  for (const { at, blank, insert } of patches.toSorted((a, b) => a.at - b.at || a.blank - b.blank)) {
    result += text.slice(done, at) + insert + ' '.repeat(blank);
    done = at + blank;
    inserted += insert.length;
    starts.push(at + inserted);
    shifts.push(inserted);
  }
  result += text.slice(done);
  return { text: result, original: (offset) => toOriginal(offset, starts, shifts) };
}

/** `starts[i]` is where the text behind the i-th insertion begins; what lies inside an insertion is at its place. */
function toOriginal(offset: number, starts: readonly number[], shifts: readonly number[]): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const before = low === 0 ? 0 : (shifts[low - 1] ?? 0);
  const next = starts[low];
  const place = offset - before;
  return next === undefined ? place : Math.min(place, next - (shifts[low] ?? 0));
}

/** True when an offset lies in a span or touches it. */
export function touches(span: Span, start: number, end: number): boolean {
  return start <= span.end && span.start <= end;
}
