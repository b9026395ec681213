import { emptyState, Execution, type Input, type Obligation } from '../ir/execute.ts';
import type { IrHandler, IrProgram } from '../ir/ir.ts';
import { Evaluation, type Value } from '../terms/evaluate.ts';
import type { Term } from '../terms/term.ts';
import type { Terms } from '../terms/terms.ts';
import { claimOf, type Claim } from './any-event.ts';
import { Scalars } from './scalars.ts';

/** Bits of the number of a handler. */
const CHOICE = 16;

/** A last event behind others, from empty maps. */
export interface Ended {
  readonly claims: readonly Claim[];
  /** What is assumed of the events before. */
  readonly before: readonly Term[];
  readonly inputs: readonly Input[];
  /** The handlers of a model's events. */
  handlersOf(values: ReadonlyMap<string, Value>): readonly string[];
}

/** Sequences of events from empty maps, one longer with each step. */
export class Unrolled {
  readonly #program: IrProgram;
  readonly #terms: Terms;
  readonly #writers: readonly IrHandler[];
  readonly #events: Execution;
  readonly #chosen: Term[] = [];
  readonly #firsts: readonly IrHandler[];

  /** `firsts`: those that run before all others; `writers`: the handlers that write maps, which alone matter before the last event. */
  constructor(program: IrProgram, terms: Terms, firsts: readonly IrHandler[], writers: readonly IrHandler[]) {
    this.#program = program;
    this.#terms = terms;
    this.#firsts = firsts;
    this.#writers = writers;
    this.#events = this.#begun(firsts);
  }

  #begun(firsts: readonly IrHandler[]): Execution {
    const begun = new Execution(this.#program, this.#terms, emptyState(this.#program, this.#terms));
    for (const first of firsts) begun.handle(first, this.#terms.yes);
    return begun;
  }

  /** One event more before the last one. */
  grow(): void {
    const terms = this.#terms;
    const chosen = terms.input(`handler of event ${this.#chosen.length}`, CHOICE);
    this.#events.event(this.#writers.map((handler, n) => ({ handler, when: this.#writers.length === 1 ? terms.yes : terms.eq(chosen, terms.bits(BigInt(n), CHOICE)) })));
    this.#events.assumed.push(terms.order('ult', chosen, terms.bits(BigInt(this.#writers.length), CHOICE)));
    this.#chosen.push(chosen);
  }

  /** The last event is of `handler`; behind one that runs first there are only those before it. */
  end(handler: IrHandler, wanted: (obligation: Obligation) => boolean): Ended {
    const firsts = handler.first ? this.#firsts.slice(0, this.#firsts.indexOf(handler)) : this.#firsts;
    const chosen = handler.first ? [] : [...this.#chosen];
    const { state, clocks, assumed, inputs } = handler.first ? this.#begun(firsts) : this.#events;
    const last = new Execution(this.#program, this.#terms, state, { clocks, after: firsts.length + chosen.length });
    last.handle(handler, this.#terms.yes);
    const scalars = new Scalars(this.#terms);
    const claims = last.obligations.filter(wanted).map((obligation) => claimOf(this.#terms, scalars, obligation));
    return {
      claims,
      before: assumed.map((one) => scalars.of(one)),
      inputs: [...inputs, ...last.inputs],
      handlersOf: (values) => {
        const evaluation = new Evaluation(values);
        return [...firsts.map(({ name }) => name), ...chosen.map((one) => this.#writers[Number(evaluation.of(one))]?.name ?? ''), handler.name];
      },
    };
  }
}
