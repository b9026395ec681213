import type { Span } from '../../base/span.ts';
import { KEYWORDS, type Keyword } from './ast.ts';

/** The text of one clause: a comment `//@ assert …` and those below that go on with it. Spans are offsets of the document. */
export interface ClauseText extends Span {
  /** Undefined when its first word is none of the five. */
  readonly keyword: Keyword | undefined;
  /** The first word; empty when there is none. */
  readonly word: Span;
  /** The comments, one a line, from `//@` to the line's end. */
  readonly lines: readonly Span[];
  /** What is behind the keyword and behind each further `//@`. */
  readonly body: readonly Span[];
  /** Whether each comment has its line to itself. */
  readonly ownLine: boolean;
}

const MARK = '//@';

/** While lines are added. */
interface Draft extends ClauseText {
  end: number;
  readonly lines: Span[];
  readonly body: Span[];
}

/** The clauses that stand in the comments of a text, which are in order. Linear; never throws. */
export function findClauses(text: string, comments: readonly Span[]): ClauseText[] {
  const found: Draft[] = [];
  for (const { start, end } of comments) {
    if (!text.startsWith(MARK, start) || end < start + MARK.length) continue;
    const line = { start, end };
    const word = wordBehind(text, start + MARK.length, end);
    const keyword = KEYWORDS.find((k) => k === text.slice(word.start, word.end));
    const last = found.at(-1);
    if (last && keyword === undefined && last.ownLine && goesOn(text, last.end, start)) {
      last.end = end;
      last.lines.push(line);
      last.body.push({ start: start + MARK.length, end });
    } else {
      const from = keyword === undefined ? start + MARK.length : word.end;
      found.push({ start, end, keyword, word, lines: [line], body: [{ start: from, end }], ownLine: ownLine(text, start) });
    }
  }
  return found;
}

function wordBehind(text: string, from: number, to: number): Span {
  let start = from;
  while (start < to && /\s/.test(text[start] ?? '')) start++;
  let end = start;
  while (end < to && /\w/.test(text[end] ?? '')) end++;
  return { start, end };
}

/** Only one end of line lies between them. */
function goesOn(text: string, from: number, to: number): boolean {
  return to - from < MAX_INDENT && /^[ \t\f\v]*(?:\r\n|\n|\r)[ \t\f\v]*$/.test(text.slice(from, to));
}

/** Columns of white space before a comment that are looked at. */
const MAX_INDENT = 1_000;

function ownLine(text: string, start: number): boolean {
  for (let at = start - 1; at >= 0 && start - at < MAX_INDENT; at--) {
    const char = text[at] ?? '';
    if (char === '\n' || char === '\r') return true;
    if (!/[\s\uFEFF]/.test(char)) return false;
  }
  return true;
}
