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
