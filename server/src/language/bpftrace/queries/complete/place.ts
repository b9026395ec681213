import type { Span } from '../../../../base/span.ts';
import type { Field, Probe } from '../../syntax/ast.ts';
import type { Document, PlacedItem } from '../../syntax/document.ts';
import { openCall, type OpenCall } from '../open-call.ts';
import { tokenBefore, tokenize, type Token } from '../tokens.ts';
import { itemAt, walk } from '../../syntax/walk.ts';

/** Where a proposal is wanted. `span` is the half-typed word: it ends at the cursor and may be empty. */
export type Place =
  | { readonly kind: 'nowhere' }
  /** In a header: the attach point as far as it is typed. */
  | { readonly kind: 'header'; readonly typed: string; readonly start: number; /** Nothing else stands in the item yet. */ readonly first: boolean }
  | { readonly kind: 'member'; readonly placed: PlacedItem; readonly field: Field | undefined; readonly op: Span; readonly span: Span }
  | { readonly kind: 'tag'; readonly tag: 'struct' | 'union' | 'enum'; readonly span: Span }
  | { readonly kind: 'type'; readonly span: Span }
  | { readonly kind: 'config'; readonly key: string | undefined; readonly span: Span }
  | { readonly kind: 'directive'; readonly span: Span }
  | { readonly kind: 'variable' | 'map'; readonly span: Span }
  | { readonly kind: 'expression'; readonly span: Span; readonly statement: boolean; readonly call: OpenCall | undefined; /** A type may stand here: a cast begins like a parenthesis. */ readonly cast: boolean };

const NOWHERE: Place = { kind: 'nowhere' };

export function placeAt(document: Document, offset: number): Place {
  if (inComment(document, offset)) return NOWHERE;
  const placed = enclosing(document, offset);
  if (!placed) return header(document, lineStart(document.text, offset), offset);
  const { item } = placed;
  if (item.kind === 'probe' && inHeader(item, offset - placed.start)) return header(document, placed.start, offset);
  const tokens = tokenize(document.text, [], placed.start, Math.max(offset, placed.start));
  if (item.kind === 'directive') return directive(document.text, placed, offset);
  const opened = tokens.some((t) => document.text[t.start] === '{' && t.kind === 'operator');
  if (item.kind === 'bad-item' && !opened && !/^(?:let|config|macro|fn|struct|union|enum|typedef)\b/.test(item.text)) return header(document, placed.start, offset);
  return inside(document, placed, tokens, offset);
}

/** The item around an offset; what is typed directly behind an unfinished one belongs to it. */
function enclosing(document: Document, offset: number): PlacedItem | undefined {
  const placed = itemAt(document, offset);
  if (!placed) return unclosedBefore(document, offset);
  const closed = offset === placed.end && /[};]$/.test(document.text.slice(placed.start, placed.end)) && placed.faults.length === 0;
  return closed ? undefined : placed;
}

/** The item before white space whose block is still open: its end is only where the next item was recognised. */
export function unclosedBefore({ text, items }: Document, offset: number): PlacedItem | undefined {
  const placed = items.findLast((p) => p.end <= offset);
  if (!placed || placed.faults.length === 0 || lineStart(text, offset) === offset || text.slice(placed.end, offset).trim() !== '') return undefined;
  let depth = 0;
  for (const { kind, start } of tokenize(text, [], placed.start, placed.end)) {
    if (kind === 'operator') depth += text[start] === '{' ? 1 : text[start] === '}' ? -1 : 0;
  }
  return depth > 0 ? placed : undefined;
}

/** Before the block, and not between the slashes of the predicate. */
function inHeader({ header: { end }, predicateSpan, body }: Probe, at: number): boolean {
  // A predicate that is still open ends where the text does.
  const inPredicate = predicateSpan !== undefined && predicateSpan.start < at && (at < predicateSpan.end || body.end === body.start);
  return end > 0 && (at <= end || (at <= body.start && !inPredicate));
}

function inComment(document: Document, offset: number): boolean {
  return document.comments.some((c) => c.start < offset && (document.text.startsWith('/*', c.start) ? offset < c.end : offset <= c.end));
}

function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

function header({ text }: Document, from: number, offset: number): Place {
  const before = text.slice(from, offset);
  const typed = /(?:"[^"\r\n]*"?|[^,"\s])*$/.exec(before)?.[0] ?? '';
  const rest = before.slice(0, before.length - typed.length);
  // Behind a finished attach point nothing but a comma, a predicate or the block follows.
  if (!/(?:^|,)\s*$/.test(rest.replaceAll(/\/\*[^]*?\*\/|\/\/[^\n]*/g, ' '))) return NOWHERE;
  return { kind: 'header', typed, start: offset - typed.length, first: rest.trim() === '' };
}

function directive(text: string, placed: PlacedItem, offset: number): Place {
  const name = /^#[ \t]*(\w*)$/.exec(text.slice(placed.start, offset));
  return name ? { kind: 'directive', span: { start: offset - (name[1]?.length ?? 0), end: offset } } : NOWHERE;
}

function inside(document: Document, placed: PlacedItem, tokens: readonly Token[], offset: number): Place {
  const { text } = document;
  const last = tokenBefore(tokens, offset);
  const at = tokens[last];
  const text_ = (token: Token | undefined): string => (token ? text.slice(token.start, token.end) : '');
  if (at?.kind === 'string' && !(text_(at).length > 1 && text_(at).endsWith('"') && at.end <= offset)) return NOWHERE;
  const partial = at && at.end >= offset && (at.kind === 'word' || at.kind === 'variable' || at.kind === 'map' || at.kind === 'number') ? at : undefined;
  const span: Span = { start: partial?.start ?? offset, end: offset };
  const before = partial ? last - 1 : last;
  const previous = text_(tokens[before]);
  const op = tokens[before];
  if (op && (previous === '.' || previous === '->')) return { kind: 'member', placed, op, span, field: fieldAt(placed, op.start) };
  if (partial?.kind === 'number') return NOWHERE;
  if (placed.item.kind === 'config' || /^config\b/.test(text.slice(placed.start, offset))) return config(tokens, before, text_, span);
  if (previous === 'struct' || previous === 'union' || previous === 'enum') return { kind: 'tag', tag: previous, span };
  if (placed.item.kind === 'c-type') return { kind: 'type', span };
  if (partial?.kind === 'variable' || partial?.kind === 'map') return { kind: partial.kind, span };
  if (previous === ':' && declares(tokens, before, text_)) return { kind: 'type', span };
  const call = openCall(text, tokens, span.start);
  return { kind: 'expression', span, call, statement: /^[{};]?$/.test(previous), cast: previous === '(' };
}

/** `let $x :`, and a parameter of `fn`. */
function declares(tokens: readonly Token[], colon: number, textOf: (token: Token | undefined) => string): boolean {
  if (textOf(tokens[colon - 1]) === ')') return true;
  return tokens[colon - 1]?.kind === 'variable' && (textOf(tokens[colon - 2]) === 'let' || textOf(tokens[0]) === 'fn');
}

function config(tokens: readonly Token[], before: number, textOf: (token: Token | undefined) => string, span: Span): Place {
  if (before < 2) return NOWHERE;
  const previous = textOf(tokens[before]);
  if (previous === '=') return { kind: 'config', key: textOf(tokens[before - 1]), span };
  return /^[{,;]$/.test(previous) ? { kind: 'config', key: undefined, span } : NOWHERE;
}

function fieldAt(placed: PlacedItem, opStart: number): Field | undefined {
  let found: Field | undefined;
  walk(placed.item, (node) => {
    if (node.kind === 'field' && placed.start + node.opSpan.start === opStart) found = node;
  });
  return found;
}
