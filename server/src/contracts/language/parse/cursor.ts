import type { Span } from '../../../base/span.ts';
import type { Missing } from '../../../language/bpftrace/syntax/ast.ts';
import type { Problem, SpanRepair } from '../../../language/bpftrace/problem.ts';
import type { Language } from '../ast.ts';
import type { Token } from '../tokens.ts';

/** Deepest nesting that is read; nobody reads more. */
const MAX_DEPTH = 150;

/** The way through the tokens of one clause. */
export interface Cursor {
  readonly language: Language;
  readonly tokens: readonly Token[];
  /** Where the first token is looked for, when there is none. */
  readonly start: number;
  readonly problems: Problem[];
  /** Index of the next token. */
  at: number;
  depth: number;
  /** Something is wrong here and was told: what follows from it is not. */
  confused: boolean;
}

export const peek = (c: Cursor, ahead = 0): Token | undefined => c.tokens[c.at + ahead];

/** Whether the next token is this one; text in quotes is none of the language's words. */
export function is(c: Cursor, text: string, ahead = 0): boolean {
  const token = peek(c, ahead);
  return token !== undefined && token.kind !== 'string' && token.kind !== 'char' && token.text === text;
}

export function accept(c: Cursor, text: string): Token | undefined {
  return is(c, text) ? c.tokens[c.at++] : undefined;
}

/** End of the token before. */
export function before(c: Cursor): number {
  return c.tokens[c.at - 1]?.end ?? c.start;
}

/** Stands where something is missing. */
export function missing(c: Cursor): Missing {
  const at = before(c);
  return { kind: 'missing', start: at, end: at };
}

export interface More {
  readonly evidence?: Problem['evidence'];
  readonly repair?: SpanRepair;
  readonly code?: string;
  readonly severity?: Problem['severity'];
}

export function complain(c: Cursor, span: Span, message: string, { evidence = [], repair, code = 'contract-syntax', severity = 'error' }: More = {}): void {
  if (c.confused) return;
  c.confused = true;
  c.problems.push({ code, severity, message, span: { start: span.start, end: span.end }, evidence, repairs: repair ? [repair] : [] });
}

/** Reads what is nested one level deeper. */
export function deeper<T>(c: Cursor, read: () => T, otherwise: (c: Cursor) => T): T {
  if (c.depth >= MAX_DEPTH) {
    const token = peek(c);
    if (token) complain(c, token, 'This condition is nested too deeply to be read. Split it into several.', { code: 'contract-too-long' });
    c.at = c.tokens.length;
    return otherwise(c);
  }
  c.depth++;
  const result = read();
  c.depth--;
  return result;
}

/** The closing bracket of one that was opened; skips to it over what cannot be read. Gives the end of what is in brackets. */
export function close(c: Cursor, open: Token, bracket: ')' | ']'): number {
  const found = accept(c, bracket);
  if (found) return found.end;
  const token = peek(c);
  const evidence = [{ span: { start: open.start, end: open.end }, message: 'opened here' }];
  if (token && unexpectedInside(c, bracket)) complain(c, token, `${token.text} cannot stand here: an operator or ${bracket} is expected.`, { evidence });
  else complain(c, { start: before(c), end: before(c) }, `${bracket} is missing.`, { evidence, repair: { title: `Insert ${bracket}`, sure: false, edits: [{ span: { start: before(c), end: before(c) }, newText: bracket }] } });
  return accept(c, bracket)?.end ?? before(c);
}

/** Moves to the bracket when there is one behind something that cannot be read. */
function unexpectedInside(c: Cursor, bracket: string): boolean {
  let depth = 0;
  for (let at = c.at; at < c.tokens.length; at++) {
    const token = c.tokens[at];
    if (token?.kind !== 'sign') continue;
    if (token.text === '(' || token.text === '[') depth++;
    else if (depth === 0 && token.text === bracket) {
      c.at = at;
      return true;
    } else if (token.text === ')' || token.text === ']') depth--;
    if (depth < 0) return false;
  }
  return false;
}
