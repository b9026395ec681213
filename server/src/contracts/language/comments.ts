import type { Span } from '../../base/span.ts';

const PIECE = /(\/\/[^\r\n]*|\/\*[^]*?(?:\*\/|$))|"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?/g;

/** The comments of a C text, in order; what looks like one inside of quotes is none. */
export function commentsOfC(text: string): Span[] {
  const found: Span[] = [];
  for (const match of text.matchAll(PIECE)) if (match[1] !== undefined) found.push({ start: match.index, end: match.index + match[1].length });
  return found;
}
