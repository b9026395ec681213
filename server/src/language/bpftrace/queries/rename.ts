import { UserError } from '../../../base/error.ts';
import type { Span } from '../../../base/span.ts';
import type { Analysis, Sym } from '../analysis/analysis.ts';
import { builtin, func } from '../catalogue.ts';
import { tokenize } from './tokens.ts';

/** What can be renamed at an offset, and the span of the name there. Throws UserError with the reason when nothing can. */
export function renameable(analysis: Analysis, offset: number): { readonly sym: Sym; readonly span: Span } {
  const sym = analysis.symbols.at(offset);
  const reference = sym?.references.find((r) => r.span.start <= offset && offset <= r.span.end);
  if (!sym || !reference) throw new UserError('rename', 'There is nothing to rename here: only names the program itself introduces can be renamed.');
  if (!sym.references.some((r) => r.access !== 'read') && sym.kind !== 'map') throw new UserError('rename', `${sym.name} is not declared in this program, so it cannot be renamed here.`);
  return { sym, span: reference.span };
}

/** Words of the language that cannot be names. */
const KEYWORDS = new Set('if else while for unroll return break continue let macro fn config import struct union enum typedef sizeof offsetof typeof typeinfo comptime true false args BEGIN END begin end'.split(' '));

/** The new name with its sigil. Throws UserError when it cannot be one, or is taken. */
export function checkedName(analysis: Analysis, sym: Sym, wanted: string): string {
  const sigil = /^[@$]/.exec(sym.name)?.[0] ?? '';
  const bare = sigil !== '' && wanted.startsWith(sigil) ? wanted.slice(1) : wanted;
  const name = sigil + bare;
  const anonymousMap = sigil === '@' && bare === '';
  if (!anonymousMap && !/^[A-Za-z_]\w*$/.test(bare)) throw new UserError('rename', `'${wanted}' is no name for ${describeKind(sym)}: ${sigil === '' ? '' : `${sigil}, then `}a letter or _, then letters, digits and _.`);
  if (sigil === '' && KEYWORDS.has(name)) throw new UserError('rename', `'${name}' is a word of bpftrace's language.`);
  if (sigil === '' && sym.kind !== 'member' && (builtin(name) ?? func(name))) throw new UserError('rename', `'${name}' is built into bpftrace.`);
  const taken = analysis.symbols.all.find((other) => other !== sym && other.name === name && sameSpace(other, sym) && overlap(other.scope, sym.scope));
  if (taken) throw new UserError('rename', `There is already ${describeKind(taken)} called ${name}.`);
  return name;
}

/** Where the new name goes, by place; comments and strings are left alone. */
export function renameSpans({ document }: Analysis, sym: Sym): readonly Span[] {
  const spans = sym.references.map((reference) => reference.span);
  if (!/^(?:define|typedef|enum-member)$/.test(sym.kind)) return spans;
  const known = new Set(spans.map(({ start }) => start));
  const inC = document.items.filter(({ item }) => item.kind === 'directive' || item.kind === 'c-type').flatMap(({ start, end }) => wordsIn(document.text, { start, end }, sym.name));
  return [...spans, ...inC.filter(({ start }) => !known.has(start))].toSorted((x, y) => x.start - y.start);
}

/** C uses such names where no tree says so: in other definitions, as lengths of arrays, as types of members. */
function wordsIn(text: string, { start, end }: Span, name: string): Span[] {
  return tokenize(text, [], start, end).filter((token) => token.kind === 'word' && text.slice(token.start, token.end) === name);
}

function sameSpace(a: Sym, b: Sym): boolean {
  if (a.kind === 'member' || b.kind === 'member') return a.kind === b.kind && a.container === b.container;
  return true;
}

function overlap(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

function describeKind({ kind }: Sym): string {
  const words: Readonly<Partial<Record<Sym['kind'], string>>> = { 'macro-parameter': 'a parameter', 'enum-member': 'an enumerator', enum: 'an enum', parameter: 'a parameter' };
  return words[kind] ?? `a ${kind}`;
}
