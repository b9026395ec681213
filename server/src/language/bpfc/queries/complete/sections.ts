import type { Span } from '../../../../base/span.ts';
import type { Inventory } from '../../../../kernel/inventory.ts';
import type { Completion, Completions } from '../../../bpftrace/queries/complete/completion.ts';
import type { CAnalysis } from '../../analysis/analyze.ts';
import { programType } from '../../catalogue/program-types.ts';
import { readSection, SECTION_KINDS, type Section, type SectionKind } from '../../catalogue/sections.ts';
import { sectionArguments, sectionNotes } from '../describe.ts';

/** Most proposals of one answer. */
const LIMIT = 200;

/** What may stand in `SEC("…")`: types of program first, then what they attach to, a part at a time. `typed` ends at the cursor. */
export function completeSection({ inventory }: CAnalysis, typed: string, offset: number): Completions {
  const optional = typed.startsWith('?') ? 1 : 0;
  const bare = typed.slice(optional);
  const section = bare.includes('/') ? readSection(bare) : undefined;
  const targets = section && section.kind.attach !== 'other' && section.kind.attach !== 'none' ? completeTarget(inventory, section, offset) : undefined;
  if (targets) return targets;
  const span = { start: offset - bare.length, end: offset };
  const kinds = SECTION_KINDS.filter(({ prefix }) => prefix.startsWith(bare));
  return { items: kinds.map((kind, i) => prefixItem(kind, span, i)), incomplete: false };
}

function prefixItem(kind: SectionKind, span: Span, rank: number): Completion {
  const more = kind.target === 'needed' || (kind.target === 'possible' && kind.attach !== 'other');
  return {
    label: kind.prefix,
    kind: 'event',
    detail: programType(kind.type)?.name ?? '',
    span,
    newText: more ? `${kind.prefix}/` : kind.prefix,
    rank: kind.instead === undefined ? rank : 900,
    ...(kind.instead === undefined ? {} : { deprecated: true }),
    ...(more ? { goesOn: 'proposals' } : {}),
    documentation: () => sectionNotes({ kind, target: '', targetAt: 0 }).join('\n\n'),
  };
}

function completeTarget(inventory: Inventory, section: Section, offset: number): Completions | undefined {
  const parts = section.target.split('/');
  const typed = parts.at(-1) ?? '';
  const names = targetNames(inventory, section, parts.slice(0, -1), typed);
  if (!names) return undefined;
  const goesOn = section.kind.attach === 'tracepoint' && parts.length === 1;
  const span = { start: offset - typed.length, end: offset };
  const items = names.slice(0, LIMIT).map((name, rank): Completion => ({
    label: name,
    kind: goesOn ? 'module' : 'event',
    span,
    newText: goesOn ? `${name}/` : name,
    rank,
    ...(goesOn ? { goesOn: 'proposals' } : { documentation: () => documentation(inventory, section, [...parts.slice(0, -1), name].join('/')) }),
  }));
  return { items, incomplete: names.length >= LIMIT };
}

function documentation(inventory: Inventory, section: Section, target: string): string | undefined {
  const gets = sectionArguments(inventory, { ...section, target });
  return gets === undefined ? undefined : `\`\`\`c\n${gets}\n\`\`\``;
}

/** Names of the kernel that begin with what was typed; undefined where names cannot be listed. */
function targetNames({ probes, types }: Inventory, { kind: { attach } }: Section, before: readonly string[], typed: string): readonly string[] | undefined {
  switch (attach) {
    case 'tracepoint':
      return before.length > 1 ? [] : probes.complete('tracepoint', before, typed, LIMIT);
    case 'raw-tracepoint':
      return probes.complete('rawtracepoint', [], typed, LIMIT);
    case 'btf-tracepoint':
      return without('btf_trace_', types.namesWith('typedef', `btf_trace_${typed}`, LIMIT));
    case 'function':
    case 'function-pattern':
      return probes.complete('kprobe', [], typed, LIMIT);
    case 'btf-function':
      return probes.complete('fentry', ['vmlinux'], typed, LIMIT);
    case 'lsm':
      return without('bpf_lsm_', probes.complete('kprobe', [], `bpf_lsm_${typed}`, LIMIT));
    case 'iter':
      return probes.complete('iter', [], typed, LIMIT);
    case 'syscall':
      return without('sys_enter_', probes.complete('tracepoint', ['syscalls'], `sys_enter_${typed}`, LIMIT));
    default:
      return undefined;
  }
}

function without(prefix: string, names: readonly string[]): string[] {
  return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}
