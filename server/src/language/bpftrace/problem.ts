import type { Span } from '../../base/span.ts';

/**
 * What analysis says about a program, in offsets of the document. The semantics check turns these into findings.
 */
export interface Problem {
  /** Stable kebab-case name; `docs/findings/<code>.md` explains those beyond the compiler. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly span: Span;
  readonly evidence: readonly { readonly span?: Span; readonly message: string }[];
  readonly repairs: readonly SpanRepair[];
}

export interface SpanRepair {
  readonly title: string;
  /** True when the repaired program was analysed again and the problem is gone. */
  readonly sure: boolean;
  readonly edits: readonly { readonly span: Span; readonly newText: string }[];
}

/** A problem without evidence or repairs. */
export function problem(code: string, severity: Problem['severity'], message: string, span: Span): Problem {
  return { code, severity, message, span, evidence: [], repairs: [] };
}
