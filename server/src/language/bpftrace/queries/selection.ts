import type { Span } from '../../../base/span.ts';
import type { Document } from '../syntax/document.ts';
import { inDocument, locate } from '../syntax/walk.ts';

/** What a growing selection takes, from the innermost outwards; the last is the whole text. */
export function selectionSpans(document: Document, offset: number): Span[] {
  const whole: Span = { start: 0, end: document.text.length };
  const comment = document.comments.find((c) => c.start <= offset && offset <= c.end);
  const located = locate(document, offset);
  const spans: Span[] = [whole];
  if (located) spans.push({ start: located.placed.start, end: located.placed.end }, ...located.path.map((node) => inDocument(located.placed, node)));
  // A comment lies between nodes: what surrounds it goes on.
  const nested = comment ? [...spans.filter((s) => s.start <= comment.start && comment.end <= s.end), comment] : spans;
  return nested.filter((span, i) => i === 0 || !same(span, nested[i - 1])).reverse();
}

function same(a: Span, b: Span | undefined): boolean {
  return b !== undefined && a.start === b.start && a.end === b.end;
}
