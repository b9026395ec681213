import type { Span } from '../../../base/span.ts';
import { tokens, type CToken } from './tokens.ts';

/** A top-level piece of a C file: a directive, a function, a declaration. */
export interface Segment extends Span {
  readonly kind: 'directive' | 'code';
  /** Braces that are open at its end: it is being written. */
  readonly unclosed: number;
}

/** What begins a new piece when it stands at a line's start, whatever is still open before it. */
const BEGINS = /^(?:SEC|static|extern|struct|char|int|void|typedef)$/;
/** Groups behind these words are no parameters. */
const NO_PARAMETERS = /^(?:SEC|__attribute__|__uint|__type|__array|__ulong)$/;

interface Piece {
  readonly start: number;
  depth: number;
  parens: number;
  /** A group that may be parameters was closed, and no value follows. */
  header: boolean;
  body: boolean;
  value: boolean;
  group: boolean;
  last: CToken | undefined;
}

/**
 * Cuts a C file at the ends of its functions and declarations. A body that was left open ends where a line begins as
 * only top-level code does, so a program that is being written does not swallow those below it.
 */
export function segments(text: string): Segment[] {
  const found: Segment[] = [];
  let piece: Piece | undefined;
  let skipTo = 0;
  const close = (end: number): void => {
    if (piece) found.push({ kind: 'code', start: piece.start, end, unclosed: piece.depth });
    piece = undefined;
  };
  for (const token of tokens(text)) {
    if (token.start < skipTo) continue;
    if (token.text === '#' && startsLine(text, token.start)) {
      skipTo = lineEnd(text, token.start);
      // Inside a function it belongs to that; a macro's call without a semicolon ends here.
      if (!piece || (piece.depth === 0 && piece.parens === 0 && piece.last?.text === ')' && piece.header)) {
        close(piece?.last?.end ?? token.start);
        found.push({ kind: 'directive', start: token.start, end: skipTo, unclosed: 0 });
      }
      continue;
    }
    if (piece && (piece.depth > 0 || piece.parens > 0) && (token.start === 0 || text[token.start - 1] === '\n') && BEGINS.test(token.text)) close(piece.last?.end ?? token.start);
    piece ??= { start: token.start, depth: 0, parens: 0, header: false, body: false, value: false, group: false, last: undefined };
    if (ends(piece, token)) close(token.end);
    else piece.last = token;
  }
  close(piece?.last?.end ?? text.length);
  return found;
}

/** Takes a token into a piece; true when the piece ends with it. */
function ends(piece: Piece, token: CToken): boolean {
  switch (token.kind === 'sign' ? token.text : '') {
    case '(':
      if (piece.depth === 0 && piece.parens++ === 0) piece.group = !(piece.last && NO_PARAMETERS.test(piece.last.text));
      return false;
    case ')':
      if (piece.depth === 0) piece.parens = Math.max(0, piece.parens - 1);
      if (piece.depth === 0 && piece.parens === 0 && piece.group && !piece.value) piece.header = true;
      return false;
    case '{':
      if (piece.depth++ === 0) piece.body = piece.header && !piece.value;
      return false;
    case '}':
      piece.depth = Math.max(0, piece.depth - 1);
      return piece.depth === 0 && piece.body;
    case '=':
      if (piece.depth === 0 && piece.parens === 0) piece.value = true;
      return false;
    case ';':
      return piece.depth === 0;
    default:
      return false;
  }
}

function startsLine(text: string, offset: number): boolean {
  let at = offset - 1;
  while (at >= 0 && (text[at] === ' ' || text[at] === '\t')) at--;
  return at < 0 || text[at] === '\n';
}

/** The end of a directive: of its last line, when lines go on with a backslash. */
function lineEnd(text: string, from: number): number {
  for (let at = from; ; at++) {
    const end = text.indexOf('\n', at);
    if (end < 0) return text.length;
    if (!/\\\r?$/.test(text.slice(Math.max(from, end - 2), end))) return end;
    at = end;
  }
}
