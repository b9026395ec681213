import type { Span } from '../../../../base/span.ts';
import type { CMember, CType, Item } from '../../syntax/ast.ts';
import type { SymbolKind } from '../analysis.ts';
import { globalKey, type Draft, type Use } from './draft.ts';

export interface Globals {
  readonly drafts: Map<string, Draft>;
  readonly mentions: (Use & { readonly item: Item })[];
}

/** Everything that is declared outside of probes: macros, functions, C types and their members, `#define`s. */
export function globalsOf(items: readonly Item[]): Globals {
  const globals: Globals = { drafts: new Map(), mentions: [] };
  for (const item of items) {
    switch (item.kind) {
      case 'macro':
      case 'func':
        declare(globals, item, item.kind === 'macro' ? 'macro' : 'function', item.name.text, item.name);
        break;
      case 'directive':
        if (item.name === 'define' && item.subject) declare(globals, item, 'define', item.subject.text, item.subject);
        break;
      case 'c-type':
        declareType(globals, item);
        break;
      default:
        break;
    }
  }
  for (const item of items) if (item.kind === 'c-type') findMentions(globals, item);
  return globals;
}

function declare({ drafts, mentions }: Globals, home: Item, kind: SymbolKind, name: string, at: Span, more: { readonly member?: CMember; readonly container?: string } = {}): void {
  const key = globalKey(kind, name, more.container);
  const span = { start: at.start, end: at.end };
  const known = drafts.get(key);
  if (known) mentions.push({ item: home, of: known, span, access: 'declare' });
  else drafts.set(key, { kind, name, home, scope: undefined, definition: span, references: [{ span, access: 'declare' }], ...more });
}

function declareType(globals: Globals, item: CType): void {
  const kind: SymbolKind = item.tag === 'enum' ? 'enum' : item.tag === 'typedef' ? 'typedef' : 'struct';
  if (item.name) declare(globals, item, kind, item.name.text, item.name);
  const container = `${item.tag} ${item.name?.text ?? ''}`;
  if (item.tag === 'enum') {
    for (const member of item.members) if (member.name) declare(globals, item, 'enum-member', member.name.text, member.name, { member, container });
  } else declareMembers(globals, item, item.members, container);
}

/** Members of anonymous structs belong to the struct around them, as in C. */
function declareMembers(globals: Globals, item: CType, members: readonly CMember[], container: string): void {
  for (const member of members) {
    if (member.name) declare(globals, item, 'member', member.name.text, member.name, { member, container });
    const inner = /^(?:struct|union)\s+\w+/.exec(member.type)?.[0].replace(/\s+/, ' ') ?? (member.name ? `${container}.${member.name.text}` : container);
    if (member.members) declareMembers(globals, item, member.members, inner);
  }
}

/** `struct foo *next` inside another type mentions `foo`; renaming must reach it. */
function findMentions({ drafts, mentions }: Globals, item: CType): void {
  for (const match of item.text.matchAll(/\b(struct|union|enum)\s+(\w+)/g)) {
    const name = match[2] ?? '';
    const draft = drafts.get(globalKey(match[1] === 'enum' ? 'enum' : 'struct', name));
    const start = item.start + match.index + match[0].length - name.length;
    const told = draft?.home === item && draft.definition.start === start;
    if (draft && !told && !mentions.some((m) => m.item === item && m.of === draft && m.span.start === start)) mentions.push({ item, of: draft, span: { start, end: start + name.length }, access: 'read' });
  }
}
