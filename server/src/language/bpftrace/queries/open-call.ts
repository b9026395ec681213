import { tokenBefore, type Token } from './tokens.ts';

/** The innermost bracket around an offset that belongs to a name: a call, or the key of a map. */
export interface OpenCall {
  readonly kind: 'call' | 'map';
  readonly name: string;
  /** Of the name. */
  readonly start: number;
  /** Which argument the offset is in, from 0. */
  readonly argument: number;
}

const OPENER: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Words with a parenthesis that are no calls. */
const STATEMENTS = new Set(['if', 'while', 'for', 'unroll', 'return', 'else', 'comptime']);

/** Works on tokens, so that it sees a call that is not closed yet. Stops at the statement's begin. */
export function openCall(text: string, tokens: readonly Token[], offset: number): OpenCall | undefined {
  const closed: string[] = [];
  let argument = 0;
  for (let i = tokenBefore(tokens, offset); i >= 0; i--) {
    const token = tokens[i];
    if (!token) return undefined;
    const word = text.slice(token.start, token.end);
    const opens = OPENER[word];
    if (token.kind === 'comment' || (token.end > offset && token.kind !== 'operator')) continue;
    if (opens !== undefined) closed.push(opens);
    else if (word === '(' || word === '[' || word === '{') {
      if (closed.pop() !== undefined) continue;
      if (word === '{') return undefined;
      const owner = tokens[i - 1];
      const name = owner && owner.end === token.start ? text.slice(owner.start, owner.end) : '';
      if (word === '(' && owner?.kind === 'word' && name !== '' && !STATEMENTS.has(name)) return { kind: 'call', name, start: owner.start, argument };
      if (word === '[' && owner?.kind === 'map') return { kind: 'map', name, start: owner.start, argument };
      // Another bracket: its commas are not the call's.
      argument = 0;
    } else if (closed.length === 0 && word === ',') argument++;
    else if (closed.length === 0 && word === ';') return undefined;
  }
  return undefined;
}
