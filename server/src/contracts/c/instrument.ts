import type { CAnalysis } from '../../language/bpfc/analysis/analyze.ts';
import { cContracts } from '../language/check/c.ts';
import { NO_FACTS, type Facts } from '../properties/facts.ts';
import type { Unsupported } from '../verdict.ts';
import { builtIn } from './built-in.ts';
import { clauseEdits } from './clauses.ts';
import { edited, type Edit } from './edits.ts';
import { flowOfC } from './flow/flow.ts';
import type { ReadC } from './flow/piece.ts';
import { LinesOf } from './lines.ts';
import { INVARIANT_SECTION, Marks } from './marks.ts';
import { assignments } from './set.ts';
import type { ObjectSource } from '../bytecode/translate.ts';

/** A program as it is compiled for its proof. */
export interface Instrumented {
  readonly text: string;
  /** What is said of the object that the compiler makes of it. */
  readonly source: Omit<ObjectSource, 'file'>;
}

/** What the compiler has refused before, by lines from 1: `optional` without what is only of help, `all` without clauses. */
export type LeftOut = ReadonlyMap<number, 'optional' | 'all'>;

export interface InstrumentOptions {
  /** Reads what macros stand for. */
  readonly read: ReadC;
  readonly facts?: Facts;
  readonly leftOut?: LeftOut;
}

/** The text of a program with all that is to be proved compiled in. Never throws. */
export function instrument(analysis: CAnalysis, { read, facts = NO_FACTS, leftOut = new Map() }: InstrumentOptions): Instrumented {
  const { document } = analysis;
  const lines = new LinesOf(document.text);
  const marks = new Marks();
  const unsupported: Unsupported[] = [];
  const contracts = cContracts(analysis);
  const { edits: ofClauses, invariants } = clauseEdits(analysis, contracts, marks, lines, unsupported);
  const refused = (line: number, optional: boolean): boolean => leftOut.get(line) === 'all' || (optional && leftOut.has(line));
  const flow = flowOfC(analysis, facts, read);
  const kept: Edit[] = [];
  for (const edit of ofClauses) {
    if (refused(edit.line, edit.optional)) unsupported.push({ span: edit.span, what: 'the compiler refuses this condition', only: { property: 'contract', says: document.text.slice(edit.span.start, edit.span.end).trim() } });
    else kept.push(edit);
  }
  for (const piece of flow.pieces) {
    const values = piece.kind === 'function' ? assignments(document, piece.placed, marks, lines) : [];
    kept.push(...[...builtIn(flow, piece, marks, lines), ...values].filter(({ line }) => !refused(line, true)));
  }
  // Behind the program's last line, so that all lines keep their numbers.
  const behind = document.text.split('\n').length + 1;
  const functions = invariants.map(({ map, condition, span, says }, i) => {
    if (leftOut.has(behind + i)) {
      unsupported.push({ span, what: 'the compiler refuses this condition', only: { property: 'contract', says } });
      return '';
    }
    return `__attribute__((section("${INVARIANT_SECTION}${i}"), used)) long kgent_invariant_${i}(__typeof__(*${map}.key) *kgent_key, __typeof__(*${map}.value) *kgent_value) { return !!(${condition}); }`;
  });
  const programs = analysis.programs.map(({ placed, fn }) => ({ name: fn.name, macro: fn.macro, params: fn.params.map(({ name }) => name), span: { start: placed.start + fn.nameSpan.start, end: placed.start + fn.nameSpan.end } }));
  return { text: [edited(document.text, kept), ...functions, ''].join('\n'), source: { programs, marks: marks.list, invariants: invariants.map((one, i) => ({ ...one, refused: leftOut.has(behind + i) })), spanOfLine: (line) => lines.span(line), unsupported } };
}
