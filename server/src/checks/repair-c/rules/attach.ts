import { nearest } from '../../../base/near.ts';
import { SECTION_KINDS } from '../../../language/bpfc/catalogue/sections.ts';
import { candidate, replace, type Candidate } from '../edit.ts';
import type { RepairSituation } from '../situation.ts';

/** Names near the one that the kernel does not have; it is for a person to say which was meant, or the only one. */
export function nearTarget({ source, explanation, context }: Pick<RepairSituation, 'source' | 'explanation' | 'context'>): Candidate[] {
  return source.document.items.flatMap(({ start, item: { declaration } }) => {
    const section = declaration.kind === 'function' ? declaration.section : undefined;
    const [kind = '', ...parts] = section?.name.split('/') ?? [];
    const name = parts.at(-1);
    if (!section || name === undefined || declaration.kind !== 'function') return [];
    const meant = explanation.complaint.includes(name) || declaration.name === explanation.program;
    if (!meant) return [];
    const end = start + section.nameSpan.end;
    return (context.similar?.(kind.replace(/\.s$/, ''), parts) ?? []).filter((near) => near !== name).map((near) => candidate(`Attach to \`${near}\``, replace({ start: end - name.length, end }, near)));
  });
}

/** A section's name that libbpf does not know: the nearest it does. */
export function nearSection({ source, explanation }: Pick<RepairSituation, 'source' | 'explanation'>): Candidate[] {
  const unknown = /section (?:name )?'([^']+)'/.exec(explanation.complaint)?.[1];
  if (unknown === undefined) return [];
  const [first = '', ...rest] = unknown.split('/');
  const prefixes = new Set(SECTION_KINDS.map(({ prefix }) => prefix));
  const heads = new Set([...prefixes].map((prefix) => prefix.split('/')[0] ?? prefix));
  const whole = nearest(unknown, prefixes, 2);
  const ways = [...new Set([...whole, ...nearest(first, heads, 3).map((head) => [head, ...rest].join('/'))])];
  return [...source.text.matchAll(/\bSEC\(\s*"([^"\n]*)"/g)].filter(([, name]) => name === unknown).flatMap((m) => {
    const end = m.index + m[0].length - 1;
    return ways.map((name) => candidate(`Put it in the section "${name}"`, replace({ start: end - unknown.length, end }, name)));
  });
}
