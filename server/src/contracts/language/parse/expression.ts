import type { Span } from '../../../base/span.ts';
import type { Name } from '../../../language/bpftrace/syntax/ast.ts';
import type { BinaryOp, Domain, Expr, Unary } from '../ast.ts';
import { accept, before, close, complain, deeper, is, missing, peek, type Cursor } from './cursor.ts';
import { nameOf, primary } from './primary.ts';
import { typeBegins, typeRef } from './types.ts';

/** C's: a higher one binds more. */
const PRECEDENCE: Readonly<Record<string, number>> = {
  '||': 1, '&&': 2, '|': 3, '^': 4, '&': 5, '==': 6, '!=': 6, '<': 7, '>': 7, '<=': 7, '>=': 7, '<<': 8, '>>': 8, '+': 9, '-': 9, '*': 10, '/': 10, '%': 10,
};
const UNARY = /^[-!~*&+]$/;

/** A whole expression: `A ==> B`, which binds least and to the right. */
export function expression(c: Cursor): Expr {
  return deeper(c, () => implication(c), missing);
}

function implication(c: Cursor): Expr {
  const parts = [ternary(c)];
  const arrows: Span[] = [];
  for (let arrow = accept(c, '==>'); arrow; arrow = accept(c, '==>')) {
    arrows.push({ start: arrow.start, end: arrow.end });
    parts.push(ternary(c));
  }
  return parts.slice(0, -1).reduceRight<Expr>((right, left, i) => binaryOf(left, '==>', arrows[i] ?? right, right), parts.at(-1) ?? missing(c));
}

function binaryOf(left: Expr, op: BinaryOp, opSpan: Span, right: Expr): Expr {
  return { kind: 'binary', op, opSpan: { start: opSpan.start, end: opSpan.end }, left, right, start: left.start, end: right.end };
}

function ternary(c: Cursor): Expr {
  const condition = binary(c, 1);
  const mark = accept(c, '?');
  if (!mark) return condition;
  const then = is(c, ':') ? undefined : expression(c);
  if (!accept(c, ':')) {
    complain(c, { start: before(c), end: before(c) }, ': is missing: what is the value otherwise?', { evidence: [{ span: { start: mark.start, end: mark.end }, message: 'of this ?' }] });
    const otherwise = missing(c);
    return { kind: 'ternary', condition, ...(then && { then }), otherwise, start: condition.start, end: otherwise.end };
  }
  const otherwise = deeper(c, () => ternary(c), missing);
  return { kind: 'ternary', condition, ...(then && { then }), otherwise, start: condition.start, end: otherwise.end };
}

function binary(c: Cursor, least: number): Expr {
  let left = unary(c);
  for (;;) {
    const op = peek(c);
    const binds = op?.kind === 'sign' ? PRECEDENCE[op.text] : undefined;
    if (!op || binds === undefined || binds < least) return left;
    c.at++;
    left = binaryOf(left, op.text as BinaryOp, op, binary(c, binds + 1));
  }
}

function unary(c: Cursor): Expr {
  const token = peek(c);
  if (token?.kind === 'sign' && UNARY.test(token.text)) {
    c.at++;
    const operand = deeper(c, () => unary(c), missing);
    return { kind: 'unary', op: token.text as Unary['op'], operand, start: token.start, end: operand.end };
  }
  if ((is(c, 'forall') || is(c, 'exists')) && peek(c, 1)?.kind === 'word') return quantifier(c);
  if (is(c, 'sizeof')) return sizeOf(c);
  if (is(c, '(')) {
    c.at++;
    const cast = typeBegins(c);
    c.at--;
    if (cast) return castOf(c);
  }
  return postfix(c, primary(c, expression));
}

function castOf(c: Cursor): Expr {
  const open = c.tokens[c.at++];
  if (!open) return missing(c);
  const type = typeRef(c);
  close(c, open, ')');
  const operand = deeper(c, () => unary(c), missing);
  return { kind: 'cast', type, operand, start: open.start, end: operand.end };
}

function sizeOf(c: Cursor): Expr {
  const start = peek(c)?.start ?? before(c);
  c.at++;
  const open = accept(c, '(');
  if (!open) {
    complain(c, { start: before(c), end: before(c) }, 'sizeof needs a type or a value in brackets: sizeof(struct sock).');
    return { kind: 'sizeof', of: missing(c), start, end: before(c) };
  }
  const of = typeBegins(c) ? typeRef(c) : expression(c);
  return { kind: 'sizeof', of, start, end: close(c, open, ')') };
}

function postfix(c: Cursor, first: Expr): Expr {
  let at = first;
  for (;;) {
    const open = accept(c, '[');
    if (open) {
      const index = expression(c);
      at = { kind: 'index', object: at, index, start: at.start, end: close(c, open, ']') };
      continue;
    }
    const op = accept(c, '.') ?? accept(c, '->');
    if (!op) return at;
    const name = fieldName(c);
    at = { kind: 'field', object: at, op: op.text as '.' | '->', opSpan: { start: op.start, end: op.end }, name, start: at.start, end: name.end };
  }
}

function fieldName(c: Cursor): Name {
  const token = peek(c);
  if (token?.kind === 'word' || (token?.kind === 'number' && /^\d+$/.test(token.text))) {
    c.at++;
    return nameOf(token);
  }
  const at = before(c);
  complain(c, { start: at, end: at }, 'The name of a field is missing.');
  return { kind: 'name', text: '', start: at, end: at };
}

function quantifier(c: Cursor): Expr {
  const word = c.tokens[c.at++];
  const variable = c.tokens[c.at++];
  if (!word || !variable) return missing(c);
  if (!accept(c, 'in')) complain(c, { start: before(c), end: before(c) }, `in is missing: ${word.text} ${variable.text} in enum NAME : …, or in 0..8 : ….`);
  const over = domain(c);
  if (!accept(c, ':')) complain(c, { start: before(c), end: before(c) }, `: is missing before what is said of ${variable.text}.`);
  const body = expression(c);
  return { kind: 'quantifier', quantifier: word.text === 'exists' ? 'exists' : 'forall', variable: nameOf(variable), over, body, start: word.start, end: body.end };
}

function domain(c: Cursor): Domain {
  if (is(c, 'enum')) {
    const of = typeRef(c);
    return { kind: 'enum-domain', enum: of, start: of.start, end: of.end };
  }
  const from = binary(c, 1);
  if (!accept(c, '..')) complain(c, { start: before(c), end: before(c) }, 'Say of what: enum NAME, or two constants with .. between them, of which the second does not count: 0..8.');
  const to = binary(c, 1);
  return { kind: 'range-domain', from, to, start: from.start, end: to.end };
}
