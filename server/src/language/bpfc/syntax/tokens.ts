import type { Span } from '../../../base/span.ts';

/** A word, text in quotes, or one sign of C. Comments, white space and line ends are no tokens. */
export interface CToken extends Span {
  readonly kind: 'word' | 'text' | 'sign';
  readonly text: string;
}

const TOKEN = /\/\*[^]*?(?:\*\/|$)|\/\/[^\n]*|"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?|[A-Za-z_]\w*|\d[\w.]*|\S/g;

/** Tokens of a C text from `from` on, in their order; comments are left out. */
export function* tokens(text: string, from = 0): Generator<CToken> {
  const pattern = new RegExp(TOKEN);
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [found] = match;
    if (found.startsWith('/*') || found.startsWith('//')) continue;
    const kind = /^["']/.test(found) ? 'text' : /^\w/.test(found) ? 'word' : 'sign';
    yield { kind, text: found, start: match.index, end: match.index + found.length };
  }
}
