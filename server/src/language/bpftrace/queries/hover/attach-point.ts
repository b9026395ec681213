import type { Span } from '../../../../base/span.ts';
import { plural } from '../../../../base/text.ts';
import { printCType, type CFunction } from '../../../../kernel/ctype.ts';
import type { Inventory, TracepointFormat } from '../../../../kernel/inventory.ts';
import type { Analysis } from '../../analysis/analysis.ts';
import type { AttachPoint } from '../../syntax/ast.ts';
import { probeKind } from '../../catalogue.ts';
import { listedProvider } from '../complete/attach-points.ts';
import { notesOf, specsOf, type Described } from '../described.ts';
import { attachPointDocs, bpftraceDocs } from '../docs.ts';
import type { HoverBody } from './hover.ts';
import { versionsText } from './versions.ts';

/** Names shown of what a wildcard matches. */
const SHOWN = 8;

export function hoverAttachPoint(analysis: Analysis, node: AttachPoint, span: Span, onProvider: boolean, described: Described): HoverBody | undefined {
  const spelled = probeKind(node.provider.text);
  if (!spelled) return undefined;
  const { kind, spelling } = spelled;
  const manual = bpftraceDocs(analysis.options.version, 'language');
  if (onProvider || node.parts.length === 0) {
    const docs = attachPointDocs(kind.name, []);
    const builtins = kind.builtins.length > 0 ? [`Has ${kind.builtins.map((b) => `\`${b}\``).join(', ')}.`] : [];
    return { code: kind.form, language: 'bpftrace', notes: [kind.summary, ...builtins, ...versionsText(spelling, analysis.options)], links: docs ? [docs, manual] : [manual] };
  }
  const info = analysis.probes.flatMap((p) => p.attachPoints).find((p) => p.span.start === span.start);
  const parts = info?.parts ?? node.parts.map((p) => p.text);
  const { code, notes } = describeAttachPoint(analysis.options.inventory, kind.name, parts, info?.matches);
  const docs = attachPointDocs(kind.name, parts);
  return { code: code ?? node.text, language: code === undefined ? 'bpftrace' : 'c', notes: [...notesOf(specsOf(kind.name, parts), described), ...notes], links: docs ? [docs] : [manual] };
}

interface Description {
  readonly code?: string;
  readonly notes: readonly string[];
}

/** What a kernel has under that name. `matches`: how many attach points it stands for, as far as that is known. */
export function describeAttachPoint(inventory: Inventory, provider: string, parts: readonly string[], matches: number | undefined): Description {
  if (parts.some((part) => /[*?[]/.test(part))) return wildcard(inventory, provider, parts, matches);
  const where = inventory.label;
  const listed = listedProvider(provider);
  const known = listed !== undefined && inventory.probes.knows(listed);
  if (known && matches === 0) {
    const near = inventory.probes.similar(listed, parts, 3);
    return { notes: [`Not on ${where}.${near.length > 0 ? ` Near: ${near.map((n) => `\`${n}\``).join(', ')}.` : ''}`] };
  }
  if (provider === 'tracepoint') {
    const format = inventory.tracepoint(parts[0] ?? '', parts[1] ?? '');
    return format ? { code: declareTracepoint(format), notes: [`On ${where}.`] } : { notes: [] };
  }
  const name = parts.at(-1) ?? '';
  const func = /^(?:kprobe|kretprobe|fentry|fexit)$/.test(provider) ? inventory.func(name) : undefined;
  if (func) return { code: declareFunction(func.proto, name), notes: [func.module === 'vmlinux' ? `On ${where}.` : `In the module \`${func.module}\`, on ${where}.`] };
  return { notes: known ? [`On ${where}.`] : [] };
}

function wildcard(inventory: Inventory, provider: string, parts: readonly string[], matches: number | undefined): Description {
  const listed = listedProvider(provider);
  if (!listed || matches === undefined) return { notes: ['What it matches is known when it is attached.'] };
  const names = inventory.probes.matches(listed, parts, SHOWN);
  const more = matches > names.length ? [`… and ${(matches - names.length).toLocaleString('en')} more`] : [];
  return { notes: [`Matches ${plural(matches, 'probe')} on ${inventory.label}.`, [...names.map((n) => `\`${n}\``), ...more].join('  \n')].filter((n) => n !== '') };
}

/** The fields of a tracepoint as bpftrace's `-lv` orders them. */
export function declareTracepoint({ category, event, fields }: TracepointFormat): string {
  const lines = fields.map((f) => `    ${withName(f.typeText, f.name)};`);
  return [`${category}:${event} {`, ...lines, '}'].join('\n');
}

export function withName(type: string, name: string): string {
  const array = /^(.*?)(\[.*\])$/.exec(type);
  return array ? `${array[1]} ${name}${array[2]}` : `${type}${type.endsWith('*') ? '' : ' '}${name}`;
}

export function declareFunction(proto: CFunction, name: string): string {
  const params = proto.params.map((p) => withName(printCType(p.type()), p.name));
  const one = `${withName(printCType(proto.returns()), name)}(${[...params, ...(proto.variadic ? ['...'] : [])].join(', ') || 'void'})`;
  return one.length <= 80 ? one : `${withName(printCType(proto.returns()), name)}(\n    ${params.join(',\n    ')})`;
}
