import type { Span } from '../../../base/span.ts';
import { tokenize, type Token } from '../queries/tokens.ts';
import type { Document } from '../syntax/document.ts';
import type { Piece, Role } from './gaps.ts';
import { layOut, type FormatOptions } from './layout.ts';
import { rolesOf, type Roles } from './roles.ts';

export type { FormatOptions } from './layout.ts';

/** A change of white space: tokens and comments are never touched. */
export interface SpanEdit {
  readonly span: Span;
  readonly newText: string;
}

/**
 * Edits that lay out a program: one space where one belongs, one statement a line, indentation by nesting. Line
 * breaks inside expressions and headers stay where a person put them. Items with faults, C and preprocessor lines stay
 * as they are. Applying the edits and formatting again changes nothing. With `within`, only the items it touches change.
 */
export function format(document: Document, options: FormatOptions, within?: Span): SpanEdit[] {
  const roles = rolesOf(document);
  const pieces = piecesOf(document.text, roles);
  const gaps = layOut(pieces, options);
  const eol = /\r\n|\n|\r/.exec(document.text)?.[0] ?? '\n';
  const changeable = spansToFormat(document, roles, within);
  const edits: SpanEdit[] = [];
  pieces.forEach((piece, i) => {
    const span = { start: piece.start - piece.before.length, end: piece.start };
    const newText = (gaps[i] ?? '').replaceAll('\n', eol);
    if (newText !== piece.before && changeable(span)) edits.push({ span, newText });
    if (piece.role === 'block-comment' && changeable(piece)) edits.push(...commentEdits(piece, gaps[i] ?? ''));
  });
  return within ? edits : [...edits, ...ending(document, roles, eol)];
}

/** Text after edits that do not overlap and stand in order. */
export function applyEdits(text: string, edits: readonly SpanEdit[]): string {
  let result = '';
  let at = 0;
  for (const { span, newText } of edits) {
    result += text.slice(at, span.start) + newText;
    at = span.end;
  }
  return result + text.slice(at);
}

function piecesOf(text: string, roles: Roles): Piece[] {
  const tokens = tokenize(text, roles.opaque);
  let end = text.startsWith('\uFEFF') ? 1 : 0;
  return tokens.map((token) => {
    const before = text.slice(end, token.start);
    end = token.end;
    const written = text.slice(token.start, token.end);
    return { ...token, text: written, before, breaks: lineEnds(before), role: roleOf(token, written, roles), startsItem: roles.itemStarts.has(token.start) };
  });
}

function lineEnds(space: string): number {
  return space.match(/\r\n|\n|\r/g)?.length ?? 0;
}

function roleOf(token: Token, text: string, roles: Roles): Role {
  if (token.kind === 'comment') return text.startsWith('/*') ? 'block-comment' : 'line-comment';
  if (token.kind !== 'operator') return 'plain';
  const slash = roles.slashes.get(token.start);
  if (slash) return `${slash}-slash`;
  if (roles.binary.has(token.start)) return 'binary';
  if (roles.postfix.has(token.start)) return 'postfix';
  return /^(?:[-+*&!~]|\+\+|--)$/.test(text) ? 'prefix' : 'plain';
}

/** Whether a stretch may be changed: it touches no item with faults, and lies in an item of the range that was asked for. */
function spansToFormat(document: Document, roles: Roles, within: Span | undefined): (span: Span) => boolean {
  const touches = (a: Span, b: Span): boolean => a.start <= b.end && b.start <= a.end;
  const wanted = within && document.items.filter((item) => touches(item, within));
  return (span) => !roles.untouched.some((item) => touches(item, span)) && (!wanted || wanted.some((item) => item.start < span.start && span.end < item.end));
}

/** Further lines of a comment that begin with a star stand under the first one's. */
function commentEdits(piece: Piece, gap: string): SpanEdit[] {
  const lines = [...piece.text.matchAll(/(\r\n|\n|\r)([ \t]*)(\*?)/g)];
  const onOwnLine = gap.includes('\n') || piece.before === '';
  if (lines.length === 0 || !onOwnLine || lines.some((m) => m[3] === '')) return [];
  const indentation = `${gap.slice(gap.lastIndexOf('\n') + 1)} `;
  return lines.flatMap((m) => {
    const start = piece.start + m.index + (m[1]?.length ?? 0);
    const written = m[2] ?? '';
    return written === indentation ? [] : [{ span: { start, end: start + written.length }, newText: indentation }];
  });
}

/** A program ends with one line end. */
function ending({ text }: Document, roles: Roles, eol: string): SpanEdit[] {
  const end = text.trimEnd().length;
  if (end === 0 || text.slice(end) === eol || roles.untouched.some((item) => item.end >= end)) return [];
  return [{ span: { start: end, end: text.length }, newText: eol }];
}
