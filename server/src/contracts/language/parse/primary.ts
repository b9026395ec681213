import type { Name } from '../../../language/bpftrace/syntax/ast.ts';
import type { Call, Expr, MapAccess } from '../ast.ts';
import type { Token } from '../tokens.ts';
import { accept, before, close, complain, is, missing, peek, type Cursor } from './cursor.ts';
import { charLiteral, numberLiteral, stringLiteral } from './literals.ts';

/** A value without operators; `expression` reads those inside of brackets. */
export function primary(c: Cursor, expression: (c: Cursor) => Expr): Expr {
  const token = peek(c);
  switch (token?.kind) {
    case 'number':
      c.at++;
      return numberLiteral(c, token);
    case 'char':
      c.at++;
      return charLiteral(c, token);
    case 'string':
      c.at++;
      return stringLiteral(c, token);
    case 'word':
      c.at++;
      return word(c, token, expression);
    case 'variable':
      c.at++;
      return variable(c, token);
    case 'map':
      c.at++;
      return map(c, token, expression);
    case 'sign':
      if (token.text === '(') return brackets(c, token, expression);
      return noValue(c, token);
    case undefined:
      return noValue(c, undefined);
  }
}

function noValue(c: Cursor, token: Token | undefined): Expr {
  const at = before(c);
  const last = c.tokens[c.at - 1];
  if (!last) complain(c, token ?? { start: at, end: at }, token ? `A condition cannot begin with ${token.text}.` : 'The condition is missing.');
  else complain(c, token ?? { start: at, end: at }, `A value is missing between ${last.text} and ${token ? token.text : 'the end of the contract'}.`);
  return missing(c);
}

function word(c: Cursor, token: Token, expression: (c: Cursor) => Expr): Expr {
  const { start, end, text } = token;
  if (is(c, '(')) return call(c, token, expression);
  if (text === 'true' || text === 'false') return { kind: 'bool', value: text === 'true', start, end };
  return { kind: 'identifier', name: text, start, end };
}

function call(c: Cursor, callee: Token, expression: (c: Cursor) => Expr): Call {
  const open = c.tokens[c.at++] ?? callee;
  const args = list(c, ')', expression);
  const argSpan = { start: open.end, end: peek(c)?.start ?? before(c) };
  const end = close(c, open, ')');
  return { kind: 'call', callee: nameOf(callee), args, argSpan, start: callee.start, end };
}

export function nameOf({ text, start, end }: Token): Name {
  return { kind: 'name', text, start, end };
}

/** What stands between commas, up to a bracket that is not taken. */
function list(c: Cursor, bracket: ')' | ']', expression: (c: Cursor) => Expr): Expr[] {
  const items: Expr[] = [];
  if (is(c, bracket)) return items;
  for (;;) {
    items.push(expression(c));
    if (!accept(c, ',')) return items;
  }
}

function variable(c: Cursor, token: Token): Expr {
  const { start, end, text } = token;
  if (c.language === 'c') complain(c, token, `C has no ${text}: its variables have no sign before them.`);
  if (text === '$#') return { kind: 'positional', index: 'count', start, end };
  if (/^\$\d+$/.test(text)) return { kind: 'positional', index: Number(text.slice(1)), start, end };
  if (text === '$') complain(c, token, 'The name of the variable is missing.');
  return { kind: 'variable', name: text, start, end };
}

function map(c: Cursor, token: Token, expression: (c: Cursor) => Expr): MapAccess {
  const { start, end, text } = token;
  if (c.language === 'c') complain(c, token, `C has no ${text}: an entry of a map is written as ${text.slice(1) || 'map'}[key].`);
  const access = { kind: 'map', name: text, nameSpan: { start, end }, start } as const;
  const open = accept(c, '[');
  if (!open) return { ...access, end };
  if (is(c, ']')) complain(c, { start: before(c), end: before(c) }, 'The key is missing.');
  const keys = list(c, ']', expression);
  return { ...access, keys, end: close(c, open, ']') };
}

function brackets(c: Cursor, open: Token, expression: (c: Cursor) => Expr): Expr {
  c.at++;
  const items = list(c, ')', expression);
  const [inner] = items;
  if (!inner) complain(c, { start: before(c), end: before(c) }, 'There is nothing between the brackets.');
  const end = close(c, open, ')');
  if (items.length > 1) return { kind: 'tuple', elements: items, start: open.start, end };
  return { kind: 'paren', inner: inner ?? { kind: 'missing', start: open.end, end: open.end }, start: open.start, end };
}
