import type { Span } from '../../../base/span.ts';
import { lineEnd } from './lex.ts';
import type { Patch } from './patch.ts';

/** A token of another language inside a block. */
export interface Foreign {
  readonly end: number;
  readonly message: string;
  readonly repair?: { readonly title: string; readonly span: Span; readonly newText: string };
  /** What the parser is to see in its place. */
  readonly patches: readonly Patch[];
  readonly isComment: boolean;
}

const DIRECTIVE = /#[ \t]*(?:include|define|undef|if|ifdef|ifndef|else|elif|endif|pragma)\b/y;
const SINGLE_QUOTED = /'([^'"\r\n]*)'/y;

/** `# like a shell`, C where none may stand, or `'a'`. */
export function foreignAt(text: string, at: number, limit: number): Foreign | undefined {
  if (text[at] === '#') return hash(text, at, lineEnd(text, at, limit));
  if (text[at] !== "'") return undefined;
  SINGLE_QUOTED.lastIndex = at;
  const inside = SINGLE_QUOTED.exec(text)?.[1];
  const end = SINGLE_QUOTED.lastIndex;
  if (inside === undefined || end > limit) return undefined;
  const last = end - 1;
  const patches = [{ at, blank: 1, insert: '"' }, { at: last, blank: 0, insert: '"' }, { at: last, blank: 1, insert: '' }];
  return { end, message: 'A string stands in double quotes.', repair: { title: 'Change to "', span: { start: at, end }, newText: `"${inside}"` }, patches, isComment: false };
}

function hash(text: string, at: number, end: number): Foreign {
  const foreign = { end, patches: [{ at, blank: end - at, insert: '' }], isComment: true };
  DIRECTIVE.lastIndex = at;
  if (DIRECTIVE.test(text)) return { ...foreign, message: 'C definitions stand at the top of a program, before everything else.' };
  return { ...foreign, message: 'A comment begins with //', repair: { title: 'Change to //', span: { start: at, end: at + 1 }, newText: '//' } };
}
