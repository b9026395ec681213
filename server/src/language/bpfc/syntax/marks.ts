import type { Span } from '../../../base/span.ts';
import { tokens, type CToken } from './tokens.ts';

/** `SEC("name")`. */
export interface SectionMark extends Span {
  readonly kind: 'section';
  readonly name: string;
  /** The name between the quotes. */
  readonly nameSpan: Span;
}

/** `__uint(max_entries, 1024)` of a map's definition. */
export interface EntryMark extends Span {
  readonly kind: 'entry';
  readonly macro: string;
  readonly key: string;
  readonly keySpan: Span;
  readonly value: string;
  readonly valueSpan: Span;
}

export type Mark = SectionMark | EntryMark;

export interface Marked {
  /** The text without what is no C before the preprocessor ran: as long as it was, spaces instead. */
  readonly plain: string;
  readonly marks: readonly Mark[];
}

/** Words of bpf_helpers.h, vmlinux.h and the kernel that qualify a declaration and that the grammar of C does not know. */
const QUALIFIERS = new Set([
  '__always_inline', '__noinline', '__hidden', '__weak', '__ksym', '__kconfig', '__kptr', '__kptr_ref', '__kptr_untrusted', '__percpu_kptr', '__uptr',
  '__arg_ctx', '__arg_nonnull', '__arg_nullable', '__arg_trusted', '__arg_arena', '__arena', '__user', '__kernel', '__rcu', '__percpu', '__bpf_fastcall', '__must_check', '__maybe_unused', '__unused',
]);
const ENTRY = /^__(?:uint|type|array|ulong)$/;
/** Qualifiers with something in brackets. */
const CALLED = /^(?:__contains|__success|__failure|__msg|__description|__retval|__naked|__flag|__log_level)$/;

/** Finds the macros libbpf gives a meaning to in a piece of C, and takes them out for the grammar of C. */
export function mark(text: string): Marked {
  const all = [...tokens(text)];
  const marks: Mark[] = [];
  const taken: Span[] = [];
  for (let i = 0; i < all.length; i++) {
    const token = all[i];
    if (token?.kind !== 'word') continue;
    if (token.text === 'SEC') {
      const section = sectionAt(all, i);
      if (!section) continue;
      marks.push(section);
      taken.push(section);
    } else if (ENTRY.test(token.text)) {
      const entry = entryAt(text, all, i);
      if (!entry) continue;
      marks.push(entry);
      taken.push(withSemicolon(all, entry));
      while ((all[i + 1]?.start ?? Infinity) < entry.end) i++;
    } else if (QUALIFIERS.has(token.text)) {
      taken.push(token);
    } else if (CALLED.test(token.text)) {
      const close = all[i + 1]?.text === '(' ? closing(all, i + 1) : undefined;
      taken.push({ start: token.start, end: (close === undefined ? undefined : all[close]?.end) ?? token.end });
    }
  }
  return { plain: blank(text, taken), marks };
}

function sectionAt(all: readonly CToken[], at: number): SectionMark | undefined {
  const open = all[at + 1];
  const first = all[at + 2];
  if (open?.text !== '(' || first?.kind !== 'text') return undefined;
  let last = at + 2;
  while (all[last + 1]?.kind === 'text') last++;
  const parts = all.slice(at + 2, last + 1);
  const ended = /^".*"$/s.test(first.text);
  const end = all[last + 1]?.text === ')' ? (all[last + 1]?.end ?? first.end) : (parts.at(-1)?.end ?? first.end);
  // One string is the rule; a name made of several has no single place.
  const nameSpan = { start: first.start + 1, end: ended ? first.end - 1 : first.end };
  return { kind: 'section', name: parts.map(({ text }) => text.replace(/^"|"$/g, '')).join(''), nameSpan, start: all[at]?.start ?? open.start, end };
}

function entryAt(text: string, all: readonly CToken[], at: number): EntryMark | undefined {
  const word = all[at];
  const close = all[at + 1]?.text === '(' ? closing(all, at + 1) : undefined;
  const end = close === undefined ? undefined : all[close];
  const key = all[at + 2];
  const comma = all[at + 3];
  if (!word || !end || !key || comma?.text !== ',') return undefined;
  const inside = text.slice(comma.end, end.start);
  const valueSpan = { start: comma.end + (inside.length - inside.trimStart().length), end: end.start - (inside.length - inside.trimEnd().length) };
  return { kind: 'entry', macro: word.text, key: key.text, keySpan: { start: key.start, end: key.end }, value: inside.trim(), valueSpan, start: word.start, end: end.end };
}

/** The index of the bracket that closes the one at `open`; none when the text is unfinished. */
export function closing(all: readonly CToken[], open: number): number | undefined {
  const stack: string[] = [];
  for (let i = open; i < all.length; i++) {
    const { kind, text } = all[i] ?? { kind: 'text', text: '' };
    if (kind !== 'sign') continue;
    if (text === '(' || text === '{' || text === '[') stack.push(text);
    else if (text === ')' || text === '}' || text === ']') stack.pop();
    else if (text === ';' && stack.at(-1) === '(') return undefined;
    if (stack.length === 0) return i;
  }
  return undefined;
}

function withSemicolon(all: readonly CToken[], { start, end }: Span): Span {
  const next = all.find((token) => token.start >= end);
  return { start, end: next?.text === ';' ? next.end : end };
}

function blank(text: string, spans: readonly Span[]): string {
  let plain = '';
  let at = 0;
  for (const { start, end } of spans) {
    plain += text.slice(at, start) + text.slice(start, end).replace(/[^\n]/g, ' ');
    at = end;
  }
  return plain + text.slice(at);
}
