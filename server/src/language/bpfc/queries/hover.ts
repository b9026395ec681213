import { findField, printCType, type CStruct } from '../../../kernel/ctype.ts';
import type { Span } from '../../../base/span.ts';
import { NOTHING_DESCRIBED, notesOf, type Described } from '../../bpftrace/queries/described.ts';
import type { Hover } from '../../bpftrace/queries/hover/hover.ts';
import type { CAnalysis } from '../analysis/analyze.ts';
import { contextField } from '../catalogue/context-fields.ts';
import { helperNamed, helperPrototype } from '../catalogue/helpers.ts';
import { kfuncNamed } from '../catalogue/kfuncs.ts';
import { macroNamed } from '../catalogue/macros.ts';
import { MAP_ENTRIES, mapType } from '../catalogue/map-types.ts';
import { dataSectionNote, isDataSection, readSection } from '../catalogue/sections.ts';
import { inC, itemAt } from '../syntax/document.ts';
import { programsAt, structOf, tokenAt } from './at.ts';
import { functionText, helperNotes, kfuncNotes, mapTypeNotes, sectionArguments, sectionNotes } from './describe.ts';

/** What is known of the thing at a place in BPF C, beyond what clangd says of it. */
export function hoverC(analysis: CAnalysis, offset: number, described: Described = NOTHING_DESCRIBED): Hover | undefined {
  const section = hoverSection(analysis, offset);
  if (section) return section;
  const token = tokenAt(analysis, offset);
  if (token?.kind !== 'word') return undefined;
  const span = { start: token.start, end: token.end };
  return hoverField(analysis, token.text, span, described) ?? (analysis.declared.has(token.text) ? undefined : hoverName(analysis, token.text, span, described)) ?? hoverEntry(analysis, offset, span);
}

const hover = (span: Span, code: string, notes: readonly string[]): Hover => ({ span, code, language: 'c', notes, links: [] });

function hoverSection({ document, inventory, shared: { operations } }: CAnalysis, offset: number): Hover | undefined {
  const placed = itemAt(document, offset);
  const declaration = placed?.item.declaration;
  const mark = declaration && 'section' in declaration ? declaration.section : undefined;
  const span = placed && mark && inC(placed, mark.nameSpan);
  if (!span || !mark || offset < span.start || offset > span.end) return undefined;
  const note = isDataSection(mark.name) ? dataSectionNote(mark.name) : undefined;
  if (note !== undefined) return hover(span, `SEC("${mark.name}")`, [note]);
  const read = readSection(mark.name);
  if (!read) return undefined;
  const gets = sectionArguments(inventory, read, declaration?.kind === 'function' ? operations.get(declaration.name) : undefined);
  return hover(span, `SEC("${mark.name}")`, [...sectionNotes(read), ...(gets === undefined ? [] : [`\`\`\`c\n${gets}\n\`\`\``])]);
}

function hoverName(analysis: CAnalysis, name: string, span: Span, described: Described): Hover | undefined {
  const { inventory } = analysis;
  const helper = helperNamed(name);
  if (helper) return hover(span, helperPrototype(helper), withDetails(helperNotes(helper, inventory, programsAt(analysis, span.start)), name, described));
  const macro = macroNamed(name);
  if (macro) return hover(span, macro.form, [macro.summary, `Macro of <bpf/${macro.header}>.`]);
  const type = mapType(name);
  if (type) return hover(span, name, withDetails(mapTypeNotes(type), name, described));
  return hoverKfunc(analysis, name, span, described);
}

/** What programs need comes first; then arguments and caveats, which the knowledge base has. */
function withDetails(notes: readonly string[], id: string, described: Described): readonly string[] {
  return [...notes, ...(described.card(id)?.details ?? [])];
}

function hoverKfunc({ inventory }: CAnalysis, name: string, span: Span, described: Described): Hover | undefined {
  const known = kfuncNamed(name);
  const there = inventory.kfuncs().includes(name);
  const text = there ? functionText(inventory, name) : undefined;
  if (text === undefined && !known) return undefined;
  return hover(span, text ?? name, withDetails(kfuncNotes(name, inventory), name, described));
}

function hoverEntry({ document }: CAnalysis, offset: number, span: Span): Hover | undefined {
  const placed = itemAt(document, offset);
  const declaration = placed?.item.declaration;
  if (!placed || declaration?.kind !== 'map') return undefined;
  const entry = declaration.entries.find(({ keySpan }) => inC(placed, keySpan).start === span.start);
  const known = entry && MAP_ENTRIES[entry.key];
  return known && hover(span, `${known.macro}(${entry.key}, …)`, [known.summary]);
}

/** A field of a context, or of a struct of the kernel: what it means, and where the target has it. */
function hoverField(analysis: CAnalysis, name: string, span: Span, described: Described): Hover | undefined {
  const struct = structOf(analysis, span.start);
  const field = struct && findField(struct, name);
  if (!field) return undefined;
  const bits = field.bits === undefined ? '' : `, ${field.bits} bits from bit ${field.bitOffset % 8}`;
  const known = contextField(struct.name, name);
  const meaning = known ? [`${known.summary}${known.writable === undefined ? ' Read only.' : ` Written by: ${known.writable}.`}`] : notesOf(specIds(analysis, struct, name, span), described);
  return hover(span, `${printCType(field.type())} ${name}`, [...meaning, `\`${struct.kind} ${struct.name || '(anonymous)'}\`, offset ${Math.floor(field.bitOffset / 8)}${bits}, on ${analysis.inventory.label}.`]);
}

/** What the knowledge base may call a field, the longest way to it first: `struct sock.__sk_common.skc_dport`. */
function specIds(analysis: CAnalysis, struct: CStruct, name: string, span: Span): string[] {
  const ids = [`${struct.kind} ${struct.name}.${name}`];
  const way = /((?:\w+\s*\.\s*)+)$/.exec(analysis.document.text.slice(Math.max(0, span.start - 200), span.start));
  const outer = way?.[1] === undefined ? undefined : structOf(analysis, span.start - way[1].length);
  if (outer && way?.[1] !== undefined) ids.unshift(`${outer.kind} ${outer.name}.${way[1].replace(/\s/g, '')}${name}`);
  return ids;
}
