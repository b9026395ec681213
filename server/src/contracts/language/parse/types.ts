import type { Name, TypeRef } from '../../../language/bpftrace/syntax/ast.ts';
import { normalise } from '../../../language/bpftrace/analysis/ctypes/parse.ts';
import type { Token } from '../tokens.ts';
import { accept, before, close, complain, is, peek, type Cursor } from './cursor.ts';

const TAG = /^(?:struct|union|enum)$/;
const QUALIFIER = /^(?:const|volatile)$/;
/** Words of which C makes integer types. */
const PART = /^(?:unsigned|signed|char|short|int|long)$/;
/** Names that are types whatever follows. */
const SCALAR = /^(?:u?int(?:8|16|32|64)|(?:__)?[us](?:8|16|32|64)|__(?:be|le)(?:16|32|64)|bool|_Bool|void|string|\w+_t)$/;

/** Whether a type begins here, behind an opening bracket: `(uint32)x` and `(x) + 1` differ in what follows. */
export function typeBegins(c: Cursor): boolean {
  let ahead = 0;
  while (QUALIFIER.test(peek(c, ahead)?.text ?? '')) ahead++;
  const word = peek(c, ahead);
  if (word?.kind !== 'word') return ahead > 0;
  if (TAG.test(word.text) || PART.test(word.text)) return true;
  let stars = 0;
  while (is(c, '*', ahead + 1 + stars)) stars++;
  const behind = ahead + 1 + stars;
  if (!is(c, ')', behind)) return SCALAR.test(word.text) && is(c, '[', behind) && is(c, ')', behind + 3);
  return stars > 0 || SCALAR.test(word.text) || beginsOperand(peek(c, behind + 1));
}

/** What can only follow a cast: a value, or a sign that stands before one and not between two. */
function beginsOperand(token: Token | undefined): boolean {
  return token !== undefined && (token.kind === 'sign' ? /^[!~(]$/.test(token.text) : token.kind !== 'word');
}

/** `struct sock *`, `unsigned long`, `uint8[4]`. */
export function typeRef(c: Cursor): TypeRef {
  while (QUALIFIER.test(peek(c)?.text ?? '')) c.at++;
  const start = peek(c)?.start ?? before(c);
  const word = peek(c);
  const tag = word && TAG.test(word.text) ? (word.text as 'struct' | 'union' | 'enum') : 'name';
  if (tag !== 'name') c.at++;
  const name = typeName(c, tag);
  let pointers = 0;
  while (is(c, '*') || QUALIFIER.test(peek(c)?.text ?? '')) {
    if (is(c, '*')) pointers++;
    c.at++;
  }
  const arrays: (number | null)[] = [];
  for (let open = accept(c, '['); open; open = accept(c, '[')) {
    const length = peek(c)?.kind === 'number' ? c.tokens[c.at++] : undefined;
    arrays.push(length ? Number(length.text) || 0 : null);
    close(c, open, ']');
  }
  return { kind: 'type', tag, name, pointers, arrays, start, end: before(c) };
}

function typeName(c: Cursor, tag: TypeRef['tag']): Name {
  const first = peek(c);
  if (first?.kind !== 'word') {
    const at = before(c);
    complain(c, { start: at, end: at }, tag === 'name' ? 'The name of a type is missing.' : `The name of the ${tag} is missing.`);
    return { kind: 'name', text: '', start: at, end: at };
  }
  const words = [first.text];
  c.at++;
  while (tag === 'name' && PART.test(first.text) && PART.test(peek(c)?.text ?? '')) words.push(c.tokens[c.at++]?.text ?? '');
  return { kind: 'name', text: PART.test(first.text) ? normalise(words.join(' ')) : first.text, start: first.start, end: before(c) };
}
