import type { Span } from '../../src/base/span.ts';
import type { Document } from '../../src/language/bpftrace/syntax/document.ts';
import { parseDocument } from '../../src/language/bpftrace/syntax/parse.ts';
import { parser } from './parser.ts';

/** A program with marks in it: `‸` is the cursor, `«` and `»` surround spans. The marks are not in the text. */
export interface Marked {
  readonly text: string;
  /** Where `‸` stood; the start of the first span without one. */
  readonly cursor: number;
  readonly spans: readonly Span[];
}

export function marked(source: string): Marked {
  let text = '';
  let cursor: number | undefined;
  const open: number[] = [];
  const spans: Span[] = [];
  for (const char of source) {
    if (char === '‸') cursor = text.length;
    else if (char === '«') open.push(text.length);
    else if (char === '»') spans.push({ start: open.pop() ?? 0, end: text.length });
    else text += char;
  }
  return { text, cursor: cursor ?? spans[0]?.start ?? text.length, spans: spans.toSorted((a, b) => a.start - b.start || b.end - a.end) };
}

export function parse(text: string): Document {
  return parseDocument(parser, text);
}

/** The pieces of a text that spans cut out. */
export function texts(text: string, spans: readonly Span[]): string[] {
  return spans.map(({ start, end }) => text.slice(start, end));
}
