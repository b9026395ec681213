import type { Span } from '../../../../base/span.ts';
import { shift } from '../../../../base/span.ts';
import type { CMember, CType } from '../../syntax/ast.ts';
import type { Document } from '../../syntax/document.ts';
import type { SymbolKind } from '../analysis.ts';
import { addReference, globalKey, type Draft, type Names } from './draft.ts';

/** Enters everything that is declared outside of probes: macros, functions, C types and their members, `#define`s. */
export function declareGlobals(names: Names, document: Document): void {
  const scope = { start: 0, end: document.text.length };
  for (const { start, item } of document.items) {
    switch (item.kind) {
      case 'macro':
      case 'func':
        declare(names, item.kind === 'macro' ? 'macro' : 'function', item.name.text, shift(item.name, start), scope);
        break;
      case 'directive':
        if (item.name === 'define' && item.subject) declare(names, 'define', item.subject.text, shift(item.subject, start), scope);
        break;
      case 'c-type':
        declareType(names, item, start, scope);
        break;
      default:
        break;
    }
  }
  for (const { start, item } of document.items) if (item.kind === 'c-type') mentions(names, item, start);
}

export function declare(names: Names, kind: SymbolKind, name: string, at: Span, scope: Span, more: { readonly member?: CMember; readonly container?: string } = {}): Draft {
  const key = globalKey(kind, name, more.container);
  const known = names.globals.get(key);
  if (known) {
    addReference(known, at, 'declare');
    return known;
  }
  const draft: Draft = { kind, name, scope, definition: at, references: [{ span: at, access: 'declare' }], ...more };
  names.all.push(draft);
  names.globals.set(key, draft);
  return draft;
}

function declareType(names: Names, item: CType, start: number, scope: Span): void {
  const kind: SymbolKind = item.tag === 'enum' ? 'enum' : item.tag === 'typedef' ? 'typedef' : 'struct';
  if (item.name) declare(names, kind, item.name.text, shift(item.name, start), scope);
  const container = `${item.tag} ${item.name?.text ?? ''}`;
  if (item.tag === 'enum') {
    for (const member of item.members) if (member.name) declare(names, 'enum-member', member.name.text, shift(member.name, start), scope, { member, container });
  } else declareMembers(names, item.members, start, scope, container);
}

/** Members of anonymous structs belong to the struct around them, as in C. */
function declareMembers(names: Names, members: readonly CMember[], start: number, scope: Span, container: string): void {
  for (const member of members) {
    if (member.name) declare(names, 'member', member.name.text, shift(member.name, start), scope, { member, container });
    const inner = /^(?:struct|union)\s+\w+/.exec(member.type)?.[0].replace(/\s+/, ' ') ?? (member.name ? `${container}.${member.name.text}` : container);
    if (member.members) declareMembers(names, member.members, start, scope, inner);
  }
}

/** `struct foo *next` inside another type mentions `foo`; renaming must reach it. */
function mentions(names: Names, item: CType, start: number): void {
  for (const match of item.text.matchAll(/\b(struct|union|enum)\s+(\w+)/g)) {
    const name = match[2] ?? '';
    const draft = names.globals.get(globalKey(match[1] === 'enum' ? 'enum' : 'struct', name));
    const from = start + item.start + match.index + match[0].length - name.length;
    if (draft && !draft.references.some((r) => r.span.start === from)) addReference(draft, { start: from, end: from + name.length }, 'read');
  }
}
