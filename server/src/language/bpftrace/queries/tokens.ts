import type { Span } from '../../../base/span.ts';

/** A lexical token. Tokens never overlap; between them is only white space. */
export interface Token extends Span {
  readonly kind: TokenKind;
}

/** `opaque`: a stretch the caller wanted whole (an attach point, a preprocessor line, C). */
export type TokenKind = 'comment' | 'string' | 'number' | 'word' | 'variable' | 'map' | 'operator' | 'opaque';

/** One alternative a kind, in the order of `KINDS`; whatever is none of them is a token of one unit. */
const TOKEN = new RegExp(
  [
    String.raw`(\/\/[^\r\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?)`,
    String.raw`("(?:\\[^\r\n]|[^"\\\r\n])*"?)`,
    // A range's dots are not a fraction's: 0..10.
    String.raw`(0[xX][\da-fA-F_]+\w*|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?\w*)`,
    String.raw`([A-Za-z_]\w*)`,
    String.raw`(\$(?:\w+|#)?)`,
    String.raw`(@\w*)`,
    String.raw`(<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|\.\.|[^\s\uFEFF])`,
  ].join('|'),
  'gu',
);

const KINDS = ['comment', 'string', 'number', 'word', 'variable', 'map', 'operator'] as const;

/** The tokens of `text` from `from` to `to`, a shebang line being a comment; `opaque` spans are in order and do not overlap. */
export function tokenize(text: string, opaque: readonly Span[] = [], from = 0, to = text.length): Token[] {
  const tokens: Token[] = [];
  let at = from;
  const shebang = from === 0 ? /^\uFEFF?(#![^\r\n]*)/.exec(text)?.[1] : undefined;
  if (shebang !== undefined) {
    const start = text.indexOf(shebang);
    tokens.push({ kind: 'comment', start, end: start + shebang.length });
    at = start + shebang.length;
  }
  for (const span of opaque) {
    if (span.start < at || span.end > to || span.end === span.start) continue;
    lex(text, at, span.start, tokens);
    tokens.push({ kind: 'opaque', start: span.start, end: span.end });
    at = span.end;
  }
  lex(text, at, to, tokens);
  return tokens;
}

function lex(text: string, from: number, to: number, tokens: Token[]): void {
  // What begins before `to` may not reach over it.
  const stretch = text.slice(from, to);
  for (const match of stretch.matchAll(TOKEN)) {
    const index = KINDS.findIndex((_, i) => match[i + 1] !== undefined);
    const start = from + match.index;
    tokens.push({ kind: KINDS[index] ?? 'operator', start, end: start + match[0].length });
  }
}

/** Index of the last token that begins before an offset; -1 when there is none. */
export function tokenBefore(tokens: readonly Token[], offset: number): number {
  let low = -1;
  let high = tokens.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tokens[middle]?.start ?? 0) < offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
