import type { Span } from '../../../base/span.ts';

/** An operator that lacks what should stand behind it. */
export interface Dangling extends Span {
  readonly message: string;
  /** Stands in for what is missing. */
  readonly insert: string;
}

const OPERATOR = /(?:<<=|>>=|->|\.\.|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[-+/%&|^<>=!~?:.,])$/;

/**
 * The operator before `end`, when the token behind it (`next`, empty at the end of the text) can begin no operand.
 * A star may belong to a type, and `++` may stand behind its operand. `call` says that the comma separates arguments.
 */
export function danglingBefore(text: string, end: number, next: string, call: boolean): Dangling | undefined {
  const operator = OPERATOR.exec(text.slice(Math.max(0, end - 3), end))?.[0];
  if (operator === undefined || /(?:\+\+|--)$/.test(text.slice(end - 2, end))) return undefined;
  const place = { start: end - operator.length, end };
  if (operator === '.' || operator === '->') return { ...place, insert: 'm', message: `Expected a field name after ${operator}` };
  if (operator !== ',') return { ...place, insert: ' m', message: `${operator} is missing its right side.` };
  return call && next !== ',' ? { ...place, insert: ' m', message: 'Expected another argument after the comma.' } : undefined;
}

const STATEMENT = /[$@]\w*(?:\[[^\]\n]*\])?[ \t]*(?:[-+*/%&|^]|<<|>>)?=(?!=)|(?:while|for|return|let|unroll|break|continue)\b/y;
const CALL = /[a-zA-Z_]\w*[ \t]*\(|[$@]/y;

/** The operator at the end of a line, when a new statement begins at `at` on another one. */
export function danglingAtLineEnd(text: string, end: number, at: number): Dangling | undefined {
  const field = /(?:->|[^.]\.)$/.test(text.slice(Math.max(0, end - 2), end));
  STATEMENT.lastIndex = at;
  CALL.lastIndex = at;
  return STATEMENT.test(text) || (field && CALL.test(text)) ? danglingBefore(text, end, '', false) : undefined;
}
