import type { Span } from '../../base/span.ts';

/** What analysis says about a program. The semantics check turns these into findings. */
export type Problem = ProblemAt<Span>;

/** A problem with places of some kind; those of a `Problem` are offsets of the document. */
export interface ProblemAt<Place> {
  /** Stable kebab-case name; `docs/findings/<code>.md` explains those beyond the compiler. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly span: Place;
  readonly evidence: readonly { readonly span?: Place; readonly message: string }[];
  readonly repairs: readonly RepairAt<Place>[];
}

export type SpanRepair = RepairAt<Span>;

interface RepairAt<Place> {
  readonly title: string;
  /** True when the repaired program was analysed again and the problem is gone. */
  readonly sure: boolean;
  readonly edits: readonly { readonly span: Place; readonly newText: string }[];
}

/** The same problem with its places told in another way. */
export function withPlaces<A, B>(problem: ProblemAt<A>, place: (place: A) => B): ProblemAt<B> {
  return {
    ...problem,
    span: place(problem.span),
    evidence: problem.evidence.map(({ span, message }) => ({ message, ...(span === undefined ? {} : { span: place(span) }) })),
    repairs: problem.repairs.map((repair) => ({ ...repair, edits: repair.edits.map((edit) => ({ ...edit, span: place(edit.span) })) })),
  };
}

/** A problem without evidence or repairs. */
export function problem(code: string, severity: Problem['severity'], message: string, span: Span): Problem {
  return { code, severity, message, span, evidence: [], repairs: [] };
}
