import type { Span } from '../../../base/span.ts';
import { plural } from '../../../base/text.ts';
import type { Analysis, Sym } from '../analysis/analysis.ts';
import { describeType } from '../analysis/types.ts';
import type { Document } from '../syntax/document.ts';
import { locate, walk } from '../syntax/walk.ts';

/** A text shown between the characters of a program. */
export interface Hint {
  readonly offset: number;
  readonly kind: 'type' | 'matches';
  readonly text: string;
}

/** Types of variables and maps where they are first written, and how much a wildcard matches on the target. */
export function hints(analysis: Analysis): Hint[] {
  const declared = declaredTypes(analysis.document);
  const types = analysis.symbols.all.flatMap((sym) => typeHint(sym, analysis.document)).filter(({ offset }) => !declared.has(offset));
  return [...types, ...matchHints(analysis)].toSorted((a, b) => a.offset - b.offset);
}

/** Where names end that the program itself gives a type: `let $x : uint8`, a parameter of `fn`. */
function declaredTypes({ items }: Document): ReadonlySet<number> {
  const ends = new Set<number>();
  for (const placed of items) {
    if (placed.item.kind === 'func') for (const { variable } of placed.item.params) ends.add(placed.start + variable.end);
    walk(placed.item, (node) => {
      if (node.kind === 'let' && node.type) ends.add(placed.start + node.target.end);
    });
  }
  return ends;
}

function typeHint(sym: Sym, document: Document): Hint[] {
  if ((sym.kind !== 'variable' && sym.kind !== 'map') || !sym.type) return [];
  // Aggregations say what they are: `@ = count()`.
  if (sym.type.kind === 'unknown' || sym.type.kind === 'none' || sym.type.kind === 'aggregation') return [];
  const first = sym.references.find((r) => r.access !== 'read');
  return first ? [{ offset: sym.kind === 'map' ? endOfMap(document, first.span) : first.span.end, kind: 'type', text: `: ${describeType(sym.type)}` }] : [];
}

/** Behind the keys: the type is that of the value. */
function endOfMap(document: Document, name: Span): number {
  const located = locate(document, name.start);
  const map = located?.path.find((node) => node.kind === 'map' && located.placed.start + node.start === name.start);
  return located && map ? located.placed.start + map.end : name.end;
}

function matchHints({ probes }: Analysis): Hint[] {
  const points = probes.flatMap((probe) => probe.attachPoints);
  return points.flatMap(({ parts, matches, span }): Hint[] =>
    matches !== undefined && parts.some((part) => part.includes('*')) ? [{ offset: span.end, kind: 'matches', text: plural(matches, 'probe') }] : [],
  );
}
