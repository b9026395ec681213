import type { Name } from '../../../language/bpftrace/syntax/ast.ts';
import type { Subject } from '../ast.ts';
import { accept, before, close, complain, is, peek, type Cursor } from './cursor.ts';
import { nameOf } from './primary.ts';

/** `@map[k1, k2] :`, in C `map[k] :`. */
export function subject(c: Cursor): Subject | undefined {
  const token = peek(c);
  const wanted = c.language === 'c' ? 'word' : 'map';
  const form = c.language === 'c' ? 'invariant map[k] : CONDITION' : 'invariant @map[k] : CONDITION';
  if (token?.kind !== wanted) {
    complain(c, token ?? { start: before(c), end: before(c) }, `Say of which map: ${form}.`);
    // What could be a map of the other language is one, so that the rest is read.
    if (token?.kind !== 'word' && token?.kind !== 'map') return undefined;
  }
  c.at++;
  const nameSpan = { start: token.start, end: token.end };
  const open = accept(c, '[');
  const keys = open ? keyNames(c) : undefined;
  const end = open ? close(c, open, ']') : token.end;
  if (!accept(c, ':')) complain(c, { start: before(c), end: before(c) }, `: is missing behind the map: ${form}.`);
  return { name: token.text, nameSpan, start: token.start, end, ...(keys && { keys }) };
}

function keyNames(c: Cursor): Name[] {
  const names: Name[] = [];
  for (;;) {
    const token = peek(c);
    if (token?.kind !== 'word') {
      complain(c, token ?? { start: before(c), end: before(c) }, 'Here stands a name for the key, such as k: the condition is about every key.');
      if (!token || token.kind === 'sign') return names;
    } else names.push(nameOf(token));
    c.at++;
    if (!accept(c, ',')) return names;
    if (is(c, ']')) return names;
  }
}
