import type { Span } from '../../../base/span.ts';
import { printCType } from '../../../kernel/ctype.ts';
import { describeType, type BtType } from '../../../language/bpftrace/analysis/types.ts';
import { nothing, RANK, type Completion, type Completions } from '../../../language/bpftrace/queries/complete/completion.ts';
import { declareField, namedFields, placeOfField, recordOf } from '../../../language/bpftrace/queries/record.ts';
import { KEYWORDS, type Expr, type Keyword, type Language } from '../ast.ts';
import { CONSTANTS, contractFunctions } from '../functions.ts';
import { pathTo, type AnyClause } from './at.ts';
import { KEYWORD_FORMS, KEYWORD_NOTES, QUANTIFIER_NOTES } from './words.ts';

/** What is wanted at a place of a clause. `span` is the half-typed word, which ends at the cursor. */
export type Wanted =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'keyword'; readonly span: Span; /** It may go on with the line above as well. */ readonly goesOn: boolean }
  | { readonly kind: 'member'; readonly span: Span; readonly object: Expr; readonly op: Span }
  | { readonly kind: 'tag'; readonly tag: 'struct' | 'union' | 'enum'; readonly span: Span }
  | { readonly kind: 'variable' | 'map' | 'value'; readonly span: Span };

export function wantedAt({ clause }: AnyClause, text: string, offset: number, span: Span): Wanted {
  const line = clause.lines.find(({ start, end }) => start <= offset && offset <= end);
  if (!line || offset < line.start + 3 || clause.remarks.some(({ start, end }) => start < offset && offset <= end)) return { kind: 'nothing' };
  const before = text.slice(line.start + 3, span.start);
  const first = line === clause.lines[0];
  if (before.trim() === '') return { kind: 'keyword', span, goesOn: !first };
  const path = pathTo(clause.expr, offset);
  if (path.some((node) => node.kind === 'string' && node.start < offset && offset < node.end)) return { kind: 'nothing' };
  const field = path.findLast((node) => node.kind === 'field' && node.opSpan.end <= span.start && offset <= node.name.end);
  if (field?.kind === 'field') return { kind: 'member', span, object: field.object, op: field.opSpan };
  const tag = /\b(struct|union|enum)\s+$/.exec(before)?.[1];
  if (tag === 'struct' || tag === 'union' || tag === 'enum') return { kind: 'tag', tag, span };
  const sigil = text[span.start];
  return { kind: sigil === '$' ? 'variable' : sigil === '@' ? 'map' : 'value', span };
}

/** The kinds of clauses, those that may stand here first. */
export function keywordItems({ place }: AnyClause, span: Span): Completion[] {
  const here: readonly Keyword[] = place.kind === 'top' || place.kind === 'entry' ? ['requires', 'ensures', 'invariant'] : place.kind === 'statement' ? ['assert', 'assume'] : KEYWORDS;
  return KEYWORDS.map((label) => ({ label, kind: 'keyword', detail: KEYWORD_FORMS[label], span, newText: label, rank: here.includes(label) ? RANK.local : RANK.old, documentation: () => KEYWORD_NOTES[label] }));
}

/** Names of quantifiers and keys, functions of contracts, and constants that BTF does not know. */
export function ownItems({ clause }: AnyClause, language: Language, span: Span, text: string): Completion[] {
  // What is not typed yet belongs to what stands before.
  const at = text.slice(clause.start, span.start).trimEnd().length + clause.start;
  const around = pathTo(clause.expr, at).flatMap((node) => (node.kind === 'quantifier' ? [node.variable.text] : []));
  const bound = [...(clause.subject?.keys ?? []).map(({ text }) => text), ...around];
  const named = (label: string): Completion => ({ label, kind: 'variable', span, newText: label, rank: RANK.local });
  const functions = contractFunctions
    .filter((f) => (f.language ?? language) === language && (!f.only || !clause.keyword || f.only.includes(clause.keyword)))
    .map((f): Completion => ({ label: f.name, kind: 'function', detail: f.form, span, newText: f.name, snippet: `${f.name}(${f.params.map((p, i) => `\${${i + 1}:${p.name}}`).join(', ')})`, rank: RANK.own, documentation: () => f.summary }));
  const quantifiers = (['forall', 'exists'] as const).map((label): Completion => ({ label, kind: 'keyword', span, newText: label, snippet: `${label} \${1:x} in enum \${2:name} : $0`, rank: RANK.keyword, documentation: () => QUANTIFIER_NOTES[label] }));
  const constants = Object.entries(CONSTANTS).map(([label, value]): Completion => ({ label, kind: 'constant', detail: String(value), span, newText: label, rank: RANK.constant }));
  return [...bound.map(named), ...functions, ...quantifiers, ...constants];
}

/** Fields of what stands before `.` or `->`; in C the other one is put right. */
export function memberItems(type: BtType | undefined, { span, op }: Extract<Wanted, { kind: 'member' }>, language: Language, text: string): Completions {
  if (type?.kind === 'tuple') return { items: type.elements.map((element, i): Completion => ({ label: type.names?.[i] ?? String(i), kind: 'field', detail: describeType(element), span, newText: type.names?.[i] ?? String(i), rank: i })), incomplete: false };
  const record = recordOf(type);
  if (!record) return nothing;
  const written = text.slice(op.start, op.end);
  const right = language === 'c' ? (record.pointer ? '->' : '.') : written;
  const items = namedFields(record.struct).map((field, rank): Completion => ({
    label: field.name, kind: 'field', detail: printCType(field.type()), rank,
    span: right === written ? span : { start: op.start, end: span.end },
    newText: right === written ? field.name : `${right}${field.name}`,
    ...(right === written ? {} : { filter: `${written}${field.name}` }),
    documentation: () => `\`\`\`c\n${declareField(field)}\n\`\`\`\n${placeOfField(field)}`,
  }));
  return { items, incomplete: false };
}

/** The first of those with the same name. */
export function unique(items: readonly Completion[]): Completion[] {
  const first = new Map<string, Completion>();
  for (const item of items) if (!first.has(item.label)) first.set(item.label, item);
  return [...first.values()];
}
