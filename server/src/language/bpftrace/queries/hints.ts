import { plural } from '../../../base/text.ts';
import type { Analysis, Sym } from '../analysis/analysis.ts';
import { describeType } from '../analysis/types.ts';

/** A text shown between the characters of a program. */
export interface Hint {
  readonly offset: number;
  readonly kind: 'type' | 'matches';
  readonly text: string;
}

/** Types of variables and maps where they are first written, and how much a wildcard matches on the target. */
export function hints(analysis: Analysis): Hint[] {
  const types = analysis.symbols.all.flatMap(typeHint);
  return [...types, ...matchHints(analysis)].toSorted((a, b) => a.offset - b.offset);
}

function typeHint(sym: Sym): Hint[] {
  if ((sym.kind !== 'variable' && sym.kind !== 'map') || !sym.type) return [];
  // Aggregations say what they are: `@ = count()`.
  if (sym.type.kind === 'unknown' || sym.type.kind === 'none' || sym.type.kind === 'aggregation') return [];
  const first = sym.references.find((r) => r.access !== 'read');
  if (!first) return [];
  return [{ offset: first.span.end, kind: 'type', text: `: ${describeType(sym.type)}` }];
}

function matchHints({ probes }: Analysis): Hint[] {
  const points = probes.flatMap((probe) => probe.attachPoints);
  return points.flatMap(({ parts, matches, span }): Hint[] =>
    matches !== undefined && parts.some((part) => part.includes('*')) ? [{ offset: span.end, kind: 'matches', text: plural(matches, 'probe') }] : [],
  );
}
