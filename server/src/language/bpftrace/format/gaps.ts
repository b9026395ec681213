import type { Token } from '../queries/tokens.ts';

/** A token with what the layout must know of it. */
export interface Piece extends Token {
  readonly text: string;
  readonly role: Role;
  /** Line breaks in the white space before it. */
  readonly breaks: number;
  /** The white space before it, as written. */
  readonly before: string;
  /** A top-level item begins here. */
  readonly startsItem: boolean;
}

export type Role = 'plain' | 'prefix' | 'postfix' | 'binary' | 'open-slash' | 'close-slash' | 'line-comment' | 'block-comment';

/** Words that are followed by a parenthesis without being called. */
const BEFORE_PAREN = new Set(['if', 'while', 'for', 'unroll', 'return', 'else', 'comptime', 'in', 'let', 'import']);

/** Operators that are always spaced, whatever stands around them. */
const SPACED = new Set(['?', ':', '=', '{', '}']);

/** The white space between two pieces of one line. */
export function flatGap(a: Piece, b: Piece): '' | ' ' {
  if (a.role === 'block-comment' || b.role === 'block-comment' || b.role === 'line-comment') return ' ';
  if (a.kind === 'opaque' || b.kind === 'opaque') return b.text === ',' ? '' : ' ';
  if (isSlash(a) || isSlash(b)) return slashGap(a, b);
  if (b.text === '{') return /^[([]$/.test(a.text) || a.role === 'prefix' ? '' : ' ';
  if (a.text === '{' && b.text === '}') return b.before === '' ? '' : ' ';
  if (/^[,;)\]]$/.test(b.text)) return '';
  if (/^[([]$/.test(a.text)) return '';
  if (tight(a) || tight(b)) return '';
  // The short ternary is one operator in two tokens.
  if (a.text === '?' && b.text === ':' && b.before === '') return '';
  if (a.role === 'binary' || b.role === 'binary' || SPACED.has(a.text) || SPACED.has(b.text)) return ' ';
  if (a.role === 'prefix') return signs(a, b) ? ' ' : '';
  if (b.text === '(') return opensAfter(a) ? '' : ' ';
  if (b.text === '[') return /^[,;]$/.test(a.text) || BEFORE_PAREN.has(a.text) ? ' ' : '';
  if (b.role === 'postfix') return '';
  // What is directly behind a parenthesis is the operand of a cast.
  if (a.text === ')') return startsStatementAfter(b) ? ' ' : '';
  return ' ';
}

function isSlash(piece: Piece): boolean {
  return piece.role === 'open-slash' || piece.role === 'close-slash';
}

function slashGap(a: Piece, b: Piece): '' | ' ' {
  if (a.role === 'open-slash' && b.role === 'close-slash') return b.before === '' ? '' : ' ';
  return a.role === 'open-slash' || b.role === 'close-slash' ? '' : ' ';
}

/** Nothing stands around what selects a field or spans a range. */
function tight(piece: Piece): boolean {
  return piece.kind === 'operator' && (piece.text === '.' || piece.text === '->' || piece.text === '..');
}

/** `- -1`, `& &x`: without the space another operator. */
function signs(a: Piece, b: Piece): boolean {
  return /^[-+&]$/.test(a.text) && b.text.startsWith(a.text);
}

function opensAfter(a: Piece): boolean {
  if (a.kind === 'word') return !BEFORE_PAREN.has(a.text);
  return a.kind === 'map' || a.kind === 'variable' || a.text === ')' || a.text === ']';
}

/** Behind a cast's parenthesis its operand follows; behind a condition's a word that goes on with the statement. */
function startsStatementAfter(b: Piece): boolean {
  return b.kind === 'word' && /^(?:else|in|if|while|for|return|break|continue)$/.test(b.text);
}
