import type { Span } from '../../../../base/span.ts';
import type { Analysis } from '../../analysis/analysis.ts';
import { argsOperators } from './args-operator.ts';
import { extractMacro } from './extract-macro.ts';
import { nullCheck } from './null-check.ts';

/** A change of the program that is offered, not asked for by a finding. Edits stand in order and do not overlap. */
export interface Refactoring {
  readonly kind: 'extract' | 'rewrite';
  readonly title: string;
  readonly edits: readonly { readonly span: Span; readonly newText: string }[];
}

/** What can be done with a selection; an empty selection is a cursor. */
export function refactorings(analysis: Analysis, selection: Span): Refactoring[] {
  return [nullCheck(analysis, selection), extractMacro(analysis, selection), ...argsOperators(analysis, selection)].filter((r) => r !== undefined);
}
