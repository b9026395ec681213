import { anyState, emptyState, Execution, type Obligation, type State } from '../ir/execute.ts';
import { CLOCK_BITS, mapOf, type IrHandler, type IrProgram } from '../ir/ir.ts';
import { isFalse, type Term } from '../terms/term.ts';
import type { Terms } from '../terms/terms.ts';
import type { Candidate } from './candidates.ts';
import { Scalars } from './scalars.ts';

/** Rounds of looking for the keys at which candidates speak of further maps. */
const ROUNDS = 3;

/** An obligation of one event, as terms without arrays. */
export interface Claim {
  readonly obligation: Obligation;
  /** That it is got to, with what is assumed. */
  readonly reached: Term;
  /** That it is broken. */
  readonly broken: Term;
}

/** What there was before an event. */
export interface Before {
  /** Maps that may hold anything; others are as they were left by those that ran first. */
  readonly filled: ReadonlySet<string>;
  /** Handlers that ran before all others. */
  readonly firsts: readonly IrHandler[];
}

/** One event of a handler when the maps hold anything, and what that makes of candidates for invariants. */
export class AnyEvent {
  readonly handler: IrHandler;
  readonly claims: readonly Claim[];
  readonly run: Execution;
  readonly #program: IrProgram;
  readonly #terms: Terms;
  readonly #scalars: Scalars;
  readonly #before: State;
  readonly #start: Execution;
  /** What is known of those that ran first. */
  readonly #began: readonly Term[];
  readonly #held = new Map<Candidate, Term>();
  readonly #lost = new Map<Candidate, Term>();
  #always: readonly Term[] = [];

  constructor(program: IrProgram, terms: Terms, handler: IrHandler, { filled, firsts }: Before) {
    this.handler = handler;
    this.#program = program;
    this.#terms = terms;
    this.#scalars = new Scalars(terms);
    const began = new Execution(program, terms, emptyState(program, terms));
    for (const first of firsts) began.handle(first, terms.yes);
    this.#before = new Map([...began.state, ...[...anyState(program, terms, 'any')].filter(([name]) => filled.has(name))]);
    const clocks = new Map((program.clocks ?? []).map((name) => [name, terms.input(`before: ${name}`, CLOCK_BITS)]));
    this.#began = [...began.assumed, ...[...clocks].map(([name, clock]) => terms.order('ule', began.clocks.get(name) ?? clock, clock))];
    const before = { clocks, after: firsts.length };
    this.#start = new Execution(program, terms, this.#before, before);
    this.run = new Execution(program, terms, this.#before, before);
    this.run.handle(handler, terms.yes);
    this.claims = this.run.obligations.filter(({ kind }) => kind !== 'invariant').map((obligation) => claimOf(terms, this.#scalars, obligation));
    this.#settle();
  }

  /** What holds of any maps at all. */
  get always(): readonly Term[] {
    return this.#always;
  }

  /** Takes candidates in: `held` and `lost` speak of these. */
  suppose(candidates: readonly Candidate[]): void {
    const assumed = this.#terms.all(this.run.assumed);
    for (const candidate of candidates) {
      if (!this.#touches(candidate)) continue;
      const { there, holds } = this.run.entryHolds(candidate.map, candidate.condition, this.#key(candidate));
      const lost = this.#scalars.of(this.#terms.all([assumed, there, this.#terms.negate(holds)]));
      if (!isFalse(lost)) this.#lost.set(candidate, lost);
    }
    this.#instantiate(candidates);
    this.#settle();
  }

  /** That candidates hold before the event, at every key that it looks at. */
  held(candidates: readonly Candidate[]): readonly Term[] {
    return candidates.flatMap((candidate) => this.#held.get(candidate) ?? []);
  }

  /** That a candidate does not hold any more after the event, for some entry; undefined when that cannot be. */
  lost(candidate: Candidate): Term | undefined {
    return this.#lost.get(candidate);
  }

  /** The maps that terms depend on, as they are before the event; `of`: claims, or what a map holds after it. */
  mapsIn(roots: readonly Term[]): ReadonlySet<string> {
    const names = new Map([...this.#before].flatMap(([map, { values, there }]) => [values, there].flatMap(({ name }) => (name === undefined ? [] : [[name, map] as const]))));
    const seen = new Set<Term>(roots);
    const maps = new Set<string>();
    for (const term of seen) {
      const map = term.op === 'input' ? names.get(term.name ?? '') : undefined;
      if (map !== undefined) maps.add(map);
      for (const arg of term.args) seen.add(arg);
    }
    return maps;
  }

  #key({ map }: Candidate): Term {
    const width = mapOf(this.#program, map).key;
    return this.#terms.input(`a key of ${width} bits`, width);
  }

  #touches({ ages, maps }: Candidate): boolean {
    return ages || [...maps].some((map) => this.run.state.get(map) !== this.#before.get(map));
  }

  #keys(map: string): readonly Term[] {
    const names = [this.#before.get(map)?.values.name, this.#before.get(map)?.there.name];
    return [...new Set(names.flatMap((name) => this.#scalars.reads(name ?? '')).map(({ key }) => key))];
  }

  /** At the keys that are looked at; a candidate that speaks of another map looks there at the same key. */
  #instantiate(candidates: readonly Candidate[]): void {
    const terms = this.#terms;
    const done = new Map<Candidate, Set<Term>>(candidates.filter((candidate) => !candidate.looksBack).map((candidate) => [candidate, new Set()]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [candidate, keys] of done) {
        for (const key of this.#keys(candidate.map)) {
          if (keys.has(key)) continue;
          keys.add(key);
          const { there, holds } = this.#start.entryHolds(candidate.map, candidate.condition, key);
          const instance = this.#scalars.of(terms.implies(there, holds));
          this.#held.set(candidate, terms.all([this.#held.get(candidate) ?? terms.yes, instance]));
        }
      }
    }
  }

  /** An entry that is not there reads as 0. */
  #settle(): void {
    const terms = this.#terms;
    const empty = this.#program.maps.flatMap(({ name, value }) =>
      this.#keys(name).map((key) => {
        const { values, there } = this.#before.get(name) ?? {};
        if (!values || !there) return terms.yes;
        return terms.any([this.#scalars.of(terms.select(there, key)), terms.eq(this.#scalars.of(terms.select(values, key)), terms.bits(0n, value))]);
      }),
    );
    const began = this.#began.map((one) => this.#scalars.of(one));
    this.#always = [...this.#scalars.constraints, ...began, ...empty];
  }
}

export function claimOf(terms: Terms, scalars: Scalars, obligation: Obligation): Claim {
  const reached = terms.all([obligation.reached, ...obligation.assumed]);
  return { obligation, reached: scalars.of(reached), broken: scalars.of(terms.all([reached, terms.negate(obligation.holds)])) };
}
