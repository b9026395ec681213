import type { NoAnswer, Solver } from '../../solver/solver.ts';
import type { Value } from '../terms/evaluate.ts';
import { isFalse, type Term } from '../terms/term.ts';
import type { Terms } from '../terms/terms.ts';
import { withoutDivision } from './division.ts';

export type Found =
  | { readonly kind: 'found'; readonly values: ReadonlyMap<string, Value> }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly reason: NoAnswer; readonly detail: string };

export interface Limits {
  /** Milliseconds for each question. */
  readonly timeoutMs: number;
  /** The time at which all questions end, as `performance.now()` has it. */
  readonly until: number;
  readonly signal?: AbortSignal | undefined;
}

/** A solver with limits, that is asked only what is not seen at once. */
export class Asker {
  readonly terms: Terms;
  readonly #solver: Solver;
  readonly #limits: Limits;

  constructor(terms: Terms, solver: Solver, limits: Limits) {
    this.terms = terms;
    this.#solver = solver;
    this.#limits = limits;
  }

  /** Values for all inputs of the claims with which they hold. `part`: of the time that a question may take. */
  async find(claims: readonly Term[], part = 1): Promise<Found> {
    const all = this.terms.all(claims);
    if (isFalse(all)) return { kind: 'none' };
    const { claims: easy, exactly } = withoutDivision(this.terms, all.op === 'conj' ? all.args : [all]);
    if (exactly.length === 0) return this.#ask(easy, part);
    const found = await this.#ask(easy, part / 2);
    return found.kind === 'none' ? found : this.#ask([...easy, ...exactly], part);
  }

  async #ask(parts: readonly Term[], part: number): Promise<Found> {
    if (this.#limits.signal?.aborted) return { kind: 'unknown', reason: 'killed', detail: 'cancelled' };
    const left = this.#limits.until - performance.now();
    if (left <= 0) return { kind: 'unknown', reason: 'time-out', detail: 'the time for the whole program is over' };
    const answer = await this.#solver.solve({ claims: parts, inputs: inputsOf(parts) }, { timeoutMs: Math.min(left, this.#limits.timeoutMs * part), signal: this.#limits.signal });
    if (answer.kind === 'sat') return { kind: 'found', values: answer.values };
    return answer.kind === 'unsat' ? { kind: 'none' } : answer;
  }
}

function inputsOf(roots: readonly Term[]): readonly Term[] {
  const seen = new Set<Term>(roots);
  for (const term of seen) for (const arg of term.args) seen.add(arg);
  return [...seen].filter(({ op }) => op === 'input');
}
