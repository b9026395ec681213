import type { CAnalysis } from '../../language/bpfc/analysis/analyze.ts';
import type { PlacedCItem } from '../../language/bpfc/syntax/document.ts';
import type { CFunctionItem } from '../../language/bpfc/syntax/item.ts';
import type { Edit } from './edits.ts';
import type { LinesOf, Marks } from './instrument.ts';

/** Built-in properties at the expressions of a function that they are about. */
export function builtIn(analysis: CAnalysis, placed: PlacedCItem, fn: CFunctionItem, marks: Marks, lines: LinesOf): readonly Edit[] {
  void [analysis, placed, fn, marks, lines];
  return [];
}
