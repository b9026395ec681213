import type { Span } from '../../base/span.ts';

/** Text around a part of the source, or instead of it. All is on one line, so that lines keep their numbers. */
export interface Edit {
  readonly span: Span;
  readonly before: string;
  readonly after: string;
  /** Stands in place of the span; absent: the span stays. */
  readonly instead?: string;
  /** The line it is of, from 1: where the compiler refuses it, it is left out. */
  readonly line: number;
  /** What the program is proved without, if need be. */
  readonly optional: boolean;
}

/** The text with its edits; those inside others stay inside, and of two around the same part the first is the outer one. */
export function edited(text: string, edits: readonly Edit[]): string {
  const size = ({ span }: Edit): number => span.end - span.start;
  const opening = new Map<number, Edit[]>();
  const closing = new Map<number, Edit[]>();
  const replaced = new Map<number, Edit>();
  for (const edit of edits) {
    if (edit.instead !== undefined) replaced.set(edit.span.start, edit);
    else {
      opening.set(edit.span.start, [...(opening.get(edit.span.start) ?? []), edit]);
      closing.set(edit.span.end, [...(closing.get(edit.span.end) ?? []), edit]);
    }
  }
  const places = [...new Set([...opening.keys(), ...closing.keys(), ...replaced.keys()])].sort((a, b) => a - b);
  let result = '';
  let at = 0;
  for (const place of places) {
    result += text.slice(at, Math.max(at, place));
    at = Math.max(at, place);
    for (const edit of (closing.get(place) ?? []).filter((one) => size(one) > 0).toReversed().toSorted((a, b) => size(a) - size(b))) result += edit.after;
    for (const edit of (opening.get(place) ?? []).toSorted((a, b) => size(b) - size(a))) result += size(edit) === 0 ? edit.before + edit.after : edit.before;
    const instead = replaced.get(place);
    if (instead) {
      result += instead.instead ?? '';
      at = instead.span.end;
    }
  }
  return result + text.slice(at);
}
