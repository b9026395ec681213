import { shift, type Span } from '../../../../base/span.ts';
import type { CMember, CType, Name } from '../../syntax/ast.ts';
import { builtinCType, normalise } from '../ctypes/parse.ts';
import { suggest } from '../suggest.ts';
import { fault, replacement, type State } from './state.ts';

/** What the C of a program has defined so far, in C's order: later definitions are not known to earlier ones. */
interface Seen {
  /** Structs, unions and enums share their names. */
  readonly tags: Map<string, Span>;
  readonly typedefs: Set<string>;
  readonly enumerators: Map<string, Span>;
  /** Names of `#define`s, whatever they stand for. */
  readonly macros: ReadonlySet<string>;
}

/** The C at the head of a program, as the C compiler inside bpftrace reads it. */
export function checkPreamble(state: State): void {
  // A header that is not read here may define anything.
  if (state.types.includes) return;
  const macros = new Set(state.document.items.flatMap(({ item }) => (item.kind === 'directive' && item.subject ? [item.subject.text] : [])));
  const seen: Seen = { tags: new Map(), typedefs: new Set(), enumerators: new Map(), macros };
  for (const { item, start } of state.document.items) {
    state.base = start;
    if (item.kind === 'c-type') checkType(state, seen, item);
  }
}

function checkType(state: State, seen: Seen, item: CType): void {
  if (!item.text.includes('{')) return;
  if (item.tag === 'enum') checkEnumerators(state, seen, item.members);
  else if (item.tag === 'typedef' && /^\s*typedef\s+enum\b/.test(item.text)) checkEnumerators(state, seen, item.members);
  else checkMembers(state, seen, item.members, new Map());
  if (!item.name) return;
  if (item.tag === 'typedef') seen.typedefs.add(item.name.text);
  else define(state, seen.tags, item.name, `${item.tag} ${item.name.text}`);
}

function define(state: State, known: Map<string, Span>, name: Name, what: string): void {
  const before = known.get(name.text);
  if (before) fault(state, 'redefined', name, `${what} is defined twice.`, { evidence: [{ span: before, message: 'first defined here' }] });
  else known.set(name.text, shift(name, state.base));
}

function checkEnumerators(state: State, seen: Seen, members: readonly CMember[]): void {
  for (const { name } of members) if (name && !seen.macros.has(name.text)) define(state, seen.enumerators, name, name.text);
}

/** `names`: those of the struct itself, which members of unnamed structs and unions inside it share. */
function checkMembers(state: State, seen: Seen, members: readonly CMember[], names: Map<string, Span>): void {
  for (const member of members) {
    if (member.members) {
      const tag = /^(?:struct|union) (\w+)$/.exec(normalise(member.type))?.[1];
      checkMembers(state, seen, member.members, member.name || tag !== undefined ? new Map<string, Span>() : names);
      if (tag !== undefined && !seen.tags.has(tag)) seen.tags.set(tag, shift(member, state.base));
    } else checkMemberType(state, seen, member);
    for (const array of member.arrays) checkLength(state, seen, member, array);
    if (member.name) define(state, names, member.name, `Member ${member.name.text}`);
  }
}

function checkMemberType(state: State, seen: Seen, member: CMember): void {
  const type = normalise(member.type);
  const [, tag, tagged = ''] = /^(struct|union|enum) (\w+)$/.exec(type) ?? [];
  const word = tag === undefined ? type : tagged;
  const at = wordIn(state, member, word);
  if (!/^[A-Za-z_]\w*$/.test(word) || seen.macros.has(word) || !at) return;
  const byValue = member.pointers === 0 && member.functionPointer !== true;
  if (tag !== undefined) {
    if (byValue && !isComplete(state, seen, tag, word)) unknownType(state, seen, at, type, tag);
  } else if (type === 'void') {
    if (byValue) fault(state, 'unknown-type', at, 'A member cannot be void; a pointer to anything is void *.');
  } else if (!builtinCType(word) && !seen.typedefs.has(word) && !state.options.inventory.types.typedef(word)) unknownType(state, seen, at, word, undefined);
}

function isComplete(state: State, seen: Seen, tag: string, name: string): boolean {
  const { types } = state.options.inventory;
  if (seen.tags.has(name)) return true;
  return tag === 'enum' ? types.enum(name) !== undefined : types[tag === 'union' ? 'union' : 'struct'](name) !== undefined;
}

function unknownType(state: State, seen: Seen, at: Span, written: string, tag: string | undefined): void {
  const word = state.document.text.slice(state.base + at.start, state.base + at.end);
  const isLater = state.types.ownNames.includes(word);
  const near = isLater ? undefined : nearType(state, seen, word, tag);
  const message = isLater ? `${written} is not complete here: C reads from top to bottom. Define it first, or use a pointer.` : `There is no type ${written}: neither in this program nor on ${state.options.inventory.label}.${near === undefined ? '' : ` Did you mean ${near}?`}`;
  fault(state, 'unknown-type', at, message, near === undefined ? {} : { repairs: [replacement(state, at, near)] });
}

function nearType(state: State, seen: Seen, word: string, tag: string | undefined): string | undefined {
  const { types } = state.options.inventory;
  const kind = tag === 'struct' || tag === 'union' || tag === 'enum' ? tag : 'typedef';
  return suggest(state.suggestions, word, () => [...(tag === undefined ? seen.typedefs : seen.tags.keys()), ...types.namesWith(kind, word.slice(0, Math.ceil(word.length / 2)), 200)]);
}

function checkLength(state: State, seen: Seen, member: CMember, array: string): void {
  const name = /^\[\s*([A-Za-z_]\w*)\s*\]$/.exec(array)?.[1];
  if (name === undefined || seen.macros.has(name) || seen.enumerators.has(name) || state.types.enumerator(name)) return;
  const at = wordIn(state, member, name);
  if (at) fault(state, 'unknown-identifier', at, `${name} is not defined. bpftrace reads no headers of its own accord: write the number, or #define ${name}.`);
}

/** Where a word stands in a member's text; nowhere when a type is defined in place there. */
function wordIn(state: State, member: CMember, word: string): Span | undefined {
  const text = state.document.text.slice(state.base + member.start, state.base + member.end);
  const found = new RegExp(String.raw`\b${word}\b(?!\s*\{)`).exec(text);
  return found ? { start: member.start + found.index, end: member.start + found.index + word.length } : undefined;
}
