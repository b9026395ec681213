import type { Integer, Str } from '../../../language/bpftrace/syntax/ast.ts';
import { duration, integer, string } from '../../../language/bpftrace/syntax/lower/literals.ts';
import type { Token } from '../tokens.ts';
import { complain, type Cursor } from './cursor.ts';

const DURATION = /^\d[\d_]*(?:[eE]\d+)?(?:ns|us|ms|s|m|h|d)$/;
const NUMBER = /^(?:0[xX][\da-fA-F_]*[\da-fA-F]|0[bB][01_]*[01]|\d[\d_]*(?:[eE]\d+)?)(?:[uU]?[lL]{0,2}|[lL]{1,2}[uU])$/;
/** Longer ones fit no type. */
const MAX_BITS = 70;

/** A number as both languages write it; durations are bpftrace's. */
export function numberLiteral(c: Cursor, token: Token): Integer {
  const { text } = token;
  const binary = /^0[bB]([01_]+)(\w*)$/.exec(text);
  if (DURATION.test(text)) {
    if (c.language === 'c') complain(c, token, `${text} is no number in C: write the nanoseconds, ${duration(token, text).value}.`);
    return duration(token, text);
  }
  if (!NUMBER.test(text)) complain(c, token, `${text} is no number${/[.\d]$/.test(text) ? '' : ': its suffix means nothing'}.`);
  if (!binary) return integer(token, text);
  const digits = (binary[1] ?? '').replaceAll('_', '');
  const base = { kind: 'integer', start: token.start, end: token.end, text, value: digits === '' || digits.length > MAX_BITS ? 2n ** 64n : BigInt(`0b${digits}`) } as const;
  return binary[2] === undefined || binary[2] === '' ? base : { ...base, suffix: binary[2] };
}

/** `'a'`, `'\n'`: the number of a character. */
export function charLiteral(c: Cursor, token: Token): Integer {
  const { text } = token;
  const { value } = string(token, text);
  if (!/^'(?:[^\\']|\\(?:[0-7]{1,3}|[xX][\da-fA-F]{1,2}|[^]))'$/u.test(text)) complain(c, token, `${text} is no character. Text stands in double quotes, one character in single ones.`);
  return { kind: 'integer', start: token.start, end: token.end, text, value: BigInt(value.codePointAt(0) ?? 0) };
}

export function stringLiteral(c: Cursor, token: Token): Str {
  if (!/^"(?:\\[^]|[^"\\])*"$/.test(token.text)) {
    const at = { start: token.end, end: token.end };
    complain(c, at, 'The closing quote is missing.', { repair: { title: 'Insert "', sure: false, edits: [{ span: at, newText: '"' }] } });
  }
  return string(token, token.text);
}
