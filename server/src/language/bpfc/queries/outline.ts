import type { OutlineEntry } from '../../bpftrace/queries/outline.ts';
import { functionsOf, inC, mapsOf, type CDocument } from '../syntax/document.ts';
import { isDataSection } from '../catalogue/sections.ts';

/** Programs with their sections, and maps with their types, by place. clangd shows the rest. */
export function outlineC(document: CDocument): OutlineEntry[] {
  const programs = functionsOf(document).flatMap(({ placed, fn }): (OutlineEntry | undefined)[] => [
    fn.section && fn.body && !isDataSection(fn.section.name) ? { kind: 'probe', name: fn.name, detail: fn.section.name, span: { start: placed.start, end: placed.end }, nameSpan: inC(placed, fn.nameSpan), children: [] } : undefined,
  ]);
  const maps = mapsOf(document).map(({ placed, map }): OutlineEntry => ({
    kind: 'map',
    name: map.name,
    detail: map.entries.find(({ key }) => key === 'type')?.value.replace('BPF_MAP_TYPE_', '').toLowerCase() ?? '',
    span: { start: placed.start, end: placed.end },
    nameSpan: inC(placed, map.nameSpan),
    children: [],
  }));
  return [...programs.filter((entry) => entry !== undefined), ...maps].filter(({ name }) => name !== '').toSorted((a, b) => a.span.start - b.span.start);
}
