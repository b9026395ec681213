import type { Span } from '../../../../base/span.ts';
import { printCType, type CStruct } from '../../../../kernel/ctype.ts';
import { nothing, type Completion, type Completions } from '../../../bpftrace/queries/complete/completion.ts';
import type { CAnalysis } from '../../analysis/analyze.ts';
import { olderThan } from '../../analysis/analyze.ts';
import { mayCall } from '../../catalogue/allowed.ts';
import { contextField } from '../../catalogue/context-fields.ts';
import { HELPERS, helperPrototype, helperSince, type Helper } from '../../catalogue/helpers.ts';
import { kfuncNamed, mayCallKfunc } from '../../catalogue/kfuncs.ts';
import { MACROS } from '../../catalogue/macros.ts';
import { MAP_ENTRIES, MAP_TYPES } from '../../catalogue/map-types.ts';
import { functionAt, inCode, namedFields, programsAt, structOf } from '../at.ts';
import { functionText, helperNotes, kfuncNotes, mapTypeNotes } from '../describe.ts';
import { completeSection } from './sections.ts';

/** Proposals at an offset of a BPF C program: what clangd does not know. */
export function completeC(analysis: CAnalysis, offset: number): Completions {
  const { text } = analysis.document;
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const section = /\bSEC\(\s*"([^"]*)$/.exec(line)?.[1];
  if (section !== undefined) return completeSection(analysis, section, offset);
  if (!inCode(analysis, offset)) return nothing;
  const word = /[A-Za-z_]\w*$/.exec(line)?.[0] ?? '';
  const span = { start: offset - word.length, end: offset };
  if (/\b__uint\(\s*type\s*,\s*\w*$/.test(line)) return all(mapTypes(analysis, span));
  const macro = /\b(__(?:uint|type|array|ulong))\(\s*\w*$/.exec(line)?.[1];
  if (macro !== undefined) return all(mapEntries(macro, span));
  const struct = structOf(analysis, span.start);
  if (struct) return all(fields(struct, span));
  if (/(?:->|\.)\w*$/.test(line)) return nothing;
  return word !== '' && functionAt(analysis, offset) ? all(calls(analysis, offset, word, span)) : nothing;
}

function all(items: readonly Completion[]): Completions {
  return { items, incomplete: false };
}

function mapTypes({ version, inventory }: CAnalysis, span: Span): Completion[] {
  return MAP_TYPES.filter(({ name, since }) => !olderThan(version, since) || inventory.types.enumerator(`BPF_MAP_TYPE_${name}`)).map((type, rank) => {
    const label = `BPF_MAP_TYPE_${type.name}`;
    return { label, kind: 'enum-member', span, newText: label, rank, documentation: () => mapTypeNotes(type).join('\n\n') };
  });
}

function mapEntries(macro: string, span: Span): Completion[] {
  return Object.entries(MAP_ENTRIES).filter(([, entry]) => entry.macro === macro).map(([label, { summary }], rank) => ({ label, kind: 'config', span, newText: `${label}, `, rank, documentation: () => summary, ...(label === 'type' ? { goesOn: 'proposals' as const } : {}) }));
}

function fields(struct: CStruct, span: Span): Completion[] {
  return namedFields(struct).map((field, rank) => ({
    label: field.name,
    kind: 'field',
    detail: printCType(field.type()),
    span,
    newText: field.name,
    rank,
    documentation: () => [...(contextField(struct.name, field.name) ? [contextField(struct.name, field.name)?.summary] : []), `\`${struct.kind} ${struct.name}\`, offset ${Math.floor(field.bitOffset / 8)}.`].join('\n\n'),
  }));
}

/** Helpers that every program the code is in may call, kfuncs and macros. */
function calls(analysis: CAnalysis, offset: number, word: string, span: Span): Completion[] {
  const { inventory, version, declared } = analysis;
  const programs = programsAt(analysis, offset);
  const there = (helper: Helper): boolean => !olderThan(version, helperSince(helper.name) ?? []) || inventory.types.enumerator(helper.name.replace(/^bpf_/, 'BPF_FUNC_')) !== undefined;
  const fits = (name: string): boolean => !declared.has(name) && matches(name, word);
  const helpers = HELPERS.filter((helper) => fits(helper.name) && there(helper) && programs.every(({ type }) => !type || mayCall(inventory, type.name, helper.name) !== 'no'));
  const kfuncs = inventory.kfuncs().filter((name) => (name.startsWith('bpf_') || kfuncNamed(name) !== undefined) && fits(name) && programs.every(({ type }) => !type || mayCallKfunc(inventory, type.name, name) !== 'no'));
  return [
    ...helpers.map((helper): Completion => ({
      label: helper.name,
      kind: 'function',
      detail: helperPrototype(helper).replace(helper.name, ''),
      span,
      newText: helper.name,
      snippet: snippet(helper.name, helper.params.map(nameOf)),
      rank: 10,
      documentation: (described) => [...helperNotes(helper, inventory, programs), ...(described.card(helper.name)?.details ?? [])].join('\n\n'),
    })),
    ...kfuncs.map((name): Completion => ({ label: name, kind: 'function', detail: 'kfunc', span, newText: name, rank: 20, documentation: () => [`\`\`\`c\n${functionText(inventory, name) ?? name}\n\`\`\``, ...kfuncNotes(name, inventory)].join('\n\n') })),
    ...MACROS.filter(({ name }) => fits(name)).map(({ name, form, summary }): Completion => ({ label: name, kind: 'macro', detail: form.slice(name.length), span, newText: name, rank: 15, documentation: () => summary })),
  ];
}

/** The editor filters finer; this keeps answers short. */
function matches(name: string, word: string): boolean {
  let at = 0;
  const letters = name.toLowerCase();
  for (const letter of word.toLowerCase()) {
    at = letters.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** The name of a parameter as it is declared: `__u64 flags`, `...`. */
function nameOf(param: string): string {
  return /(\w+)\W*$/.exec(param)?.[1] ?? 'args';
}

function snippet(name: string, params: readonly string[]): string {
  return params.length === 0 ? `${name}()` : `${name}(${params.map((param, i) => `\${${i + 1}:${param}}`).join(', ')})`;
}
