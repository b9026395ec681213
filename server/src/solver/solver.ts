import type { Value } from '../contracts/terms/evaluate.ts';
import type { Term } from '../contracts/terms/term.ts';

/** Are there values with which all claims hold? */
export interface Question {
  /** Truth values. */
  readonly claims: readonly Term[];
  /** Inputs whose values are wanted when there are such values. */
  readonly inputs: readonly Term[];
}

export type Answer =
  /** By the names of the inputs. */
  | { readonly kind: 'sat'; readonly values: ReadonlyMap<string, Value> }
  | { readonly kind: 'unsat' }
  | { readonly kind: 'unknown'; readonly reason: NoAnswer; readonly detail: string };

/** `killed`: ended from outside, by cancelling or by the limit of memory; `crashed`: ended by itself; `incomplete`: it gave up. */
export type NoAnswer = 'time-out' | 'killed' | 'crashed' | 'incomplete';

export interface SolveOptions {
  /** Milliseconds for this question. */
  readonly timeoutMs: number;
  /** Aborted: the answer is `killed`. */
  readonly signal?: AbortSignal | undefined;
}

/** Answers one question after the other, in the order of asking. */
export interface Solver {
  solve(question: Question, options: SolveOptions): Promise<Answer>;
  /** Ends what runs; further questions start it anew. */
  dispose(): Promise<void>;
}
