import type { Range } from '../base/range.ts';

export const CHECK_NAMES = ['syntax', 'semantics', 'compile', 'load', 'contract', 'safety'] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

export type Severity = 'error' | 'warning' | 'info';

export interface Evidence {
  readonly range?: Range;
  readonly message: string;
}

export interface Repair {
  readonly title: string;
  /** True when the repaired program was checked by machine. */
  readonly sure: boolean;
  /** That is being done: what comes of it is told soon. */
  readonly trying?: true;
  readonly edits: readonly { readonly range: Range; readonly newText: string }[];
}

export interface Counterexample {
  readonly inputs: Readonly<Record<string, string | number>>;
  readonly path: readonly { readonly range: Range; readonly values: Readonly<Record<string, string | number>> }[];
  readonly violated: string;
}

/** One judgement about a program. Every check speaks in these, every surface shows these. */
export interface Finding {
  readonly check: CheckName;
  /** Stable kebab-case name of the kind of problem. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly range: Range;
  readonly evidence: readonly Evidence[];
  readonly repairs: readonly Repair[];
  readonly counterexample?: Counterexample;
}

/** A finding without evidence or repairs. */
export function finding(check: CheckName, code: string, severity: Severity, message: string, range: Range): Finding {
  return { check, code, severity, message, range, evidence: [], repairs: [] };
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((f) => f.severity === 'error');
}

/** By place, then the graver first. */
export function compareFindings(a: Finding, b: Finding): number {
  const grave = { error: 0, warning: 1, info: 2 } as const;
  return (
    a.range.start.line - b.range.start.line ||
    a.range.start.character - b.range.start.character ||
    grave[a.severity] - grave[b.severity]
  );
}
