import type { Span } from '../../base/span.ts';
import { applyTerms } from '../terms/apply.ts';
import { isFalse, type Term } from '../terms/term.ts';
import type { Terms } from '../terms/terms.ts';
import { CLOCK_BITS, CLOCK_END, looksBack, mapOf, type IrExpr, type IrHandler, type IrInvariant, type IrProgram, type IrStmt, type Width } from './ir.ts';

/** A map as terms: what is at each key, and whether there is an entry. */
export interface MapState {
  readonly values: Term;
  readonly there: Term;
}

export type State = ReadonlyMap<string, MapState>;

/** What has to hold: whenever `reached` and all that was assumed before hold, `holds` must. */
export interface Obligation {
  readonly kind: 'assert' | 'bound' | 'invariant';
  readonly property: string;
  readonly span: Span;
  readonly says?: string;
  readonly event: number;
  readonly handler: string;
  readonly reached: Term;
  readonly holds: Term;
  /** What was assumed up to there. */
  readonly assumed: readonly Term[];
}

/** An input of an event, and what it is called in the program. */
export interface Input {
  readonly event: number;
  /** Whose it is; of all handlers that the event may be, when it is a clock. */
  readonly handler?: string;
  readonly name: string;
  readonly term: Term;
  /** The address it is read through. */
  readonly of?: Term;
}

/** Empty, as maps are in the beginning. */
export function emptyState(program: IrProgram, terms: Terms): State {
  return new Map(program.maps.map(({ name, key, value }) => [name, { values: terms.filled({ key, value }, terms.bits(0n, value)), there: terms.filled({ key, value: 'bool' }, terms.no) }]));
}

/** Anything, as maps may be between events: to be narrowed by what is known of them. */
export function anyState(program: IrProgram, terms: Terms, name: string): State {
  return new Map(program.maps.map((map) => [map.name, { values: terms.input(`${name} ${map.name}`, { key: map.key, value: map.value }), there: terms.input(`${name} present ${map.name}`, { key: map.key, value: 'bool' }) }]));
}

/**
 * Runs handlers on terms instead of values. There are no paths: each statement counts under the condition of getting there, so that the terms
 * grow with the length of the program and not with the number of its ways.
 */
export class Execution {
  readonly obligations: Obligation[] = [];
  readonly assumed: Term[] = [];
  readonly inputs: Input[] = [];
  state: State;
  /** As it was before the event that runs. */
  #entered: State;
  /** What the clocks last were, or 0. */
  clocks: ReadonlyMap<string, Term>;
  readonly #program: IrProgram;
  readonly #terms: Terms;
  #event: number;
  #handler = '';
  /** Whether the event may be one of several handlers: then their inputs are told apart. */
  #several = false;
  #live: Term;
  #variables = new Map<string, Term>();

  /** `after`: how many events there were before. */
  constructor(program: IrProgram, terms: Terms, state: State, before: { readonly clocks?: ReadonlyMap<string, Term>; readonly after?: number } = {}) {
    this.#program = program;
    this.#terms = terms;
    this.#event = (before.after ?? 0) - 1;
    this.state = state;
    this.#entered = state;
    this.clocks = before.clocks ?? new Map((program.clocks ?? []).map((name) => [name, terms.bits(0n, CLOCK_BITS)]));
    this.#live = terms.yes;
  }

  /** The next event. `when`: whether it happens at all. */
  handle(handler: IrHandler, when: Term): void {
    this.event([{ handler, when }]);
  }

  /** The next event, which is the one of these handlers whose condition holds. */
  event(choices: readonly { readonly handler: IrHandler; readonly when: Term }[]): void {
    this.#event++;
    this.#entered = this.state;
    this.#several = choices.length > 1;
    this.#tick(this.#terms.any(choices.map(({ when }) => when)));
    for (const { handler, when } of choices) {
      this.#handler = handler.name;
      this.#live = when;
      this.#variables = new Map();
      this.#block(handler.body, this.#terms.yes);
    }
    for (const invariant of this.#program.invariants ?? []) this.#invariant(invariant);
  }

  /** A clock is above 0, never goes back, and shows no negative number. */
  #tick(happens: Term): void {
    const terms = this.#terms;
    const now = [...this.clocks].map(([name, before]): [string, Term] => {
      const term = terms.input(`${this.#event}: ${name}`, CLOCK_BITS);
      this.inputs.push({ event: this.#event, name, term });
      this.assumed.push(terms.implies(happens, terms.all([terms.order('ult', terms.bits(0n, CLOCK_BITS), term), terms.order('ule', before, term), terms.order('ult', term, terms.bits(CLOCK_END, CLOCK_BITS))])));
      return [name, term];
    });
    this.clocks = new Map(now);
  }

  #invariant({ map, condition, property, span, says }: IrInvariant): void {
    const key = this.#terms.input(`${this.#event}: key of ${map}`, mapOf(this.#program, map).key);
    const { there, holds } = this.entryHolds(map, condition, key);
    this.obligations.push({ kind: 'invariant', property, span, ...(says !== undefined && { says }), event: this.#event, handler: this.#handler, reached: there, holds, assumed: [...this.assumed] });
  }

  /** Whether there is an entry now (and was before, when that is spoken of), and whether a condition over `key` and `value` holds for it. */
  entryHolds(map: string, condition: IrExpr, key: Term): { readonly there: Term; readonly holds: Term } {
    const { values, there } = this.#map(map);
    const outside = this.#variables;
    this.#variables = new Map([['key', key], ['value', this.#terms.select(values, key)]]);
    const holds = this.value(condition);
    this.#variables = outside;
    const earlier = looksBack(condition) ? this.#entered.get(map) : undefined;
    return { there: this.#terms.all([this.#terms.select(there, key), earlier ? this.#terms.select(earlier.there, key) : this.#terms.yes]), holds };
  }

  #block(body: readonly IrStmt[], guard: Term): void {
    for (const statement of body) {
      const reached = this.#terms.all([this.#live, guard]);
      if (isFalse(reached)) return;
      this.#statement(statement, guard, reached);
    }
  }

  #statement(statement: IrStmt, guard: Term, reached: Term): void {
    const terms = this.#terms;
    switch (statement.kind) {
      case 'set': {
        const value = this.value(statement.value);
        this.#variables.set(statement.name, terms.ite(reached, value, this.#variables.get(statement.name) ?? this.#zero(value.sort as Width)));
        return;
      }
      case 'put':
        return this.#write(statement.map, reached, this.value(statement.key), this.value(statement.value), terms.yes);
      case 'remove':
        return this.#write(statement.map, reached, this.value(statement.key), undefined, terms.no);
      case 'clear':
        return this.#clear(statement, reached);
      case 'if': {
        const condition = this.value(statement.condition);
        this.#block(statement.then, terms.all([guard, condition]));
        this.#block(statement.otherwise, terms.all([guard, terms.negate(condition)]));
        return;
      }
      case 'loop':
        return this.#loop(statement, guard);
      case 'assume':
        this.assumed.push(terms.implies(reached, this.value(statement.condition)));
        return;
      case 'assert':
        return this.#oblige('assert', statement, reached, this.value(statement.condition));
      case 'leave':
        this.#live = terms.all([this.#live, terms.negate(guard)]);
    }
  }

  #loop({ condition, body, limit, span }: Extract<IrStmt, { kind: 'loop' }>, outer: Term): void {
    let guard = outer;
    for (let round = 0; round < limit; round++) {
      guard = this.#terms.all([guard, this.value(condition)]);
      if (isFalse(this.#terms.all([this.#live, guard]))) return;
      this.#block(body, guard);
    }
    const more = this.value(condition);
    const reached = this.#terms.all([this.#live, guard]);
    const ends = this.#terms.negate(more);
    this.#oblige('bound', { property: 'loop-bound', span }, reached, ends);
    // What is behind further rounds is not looked at.
    this.assumed.push(this.#terms.implies(reached, ends));
  }

  #oblige(kind: Obligation['kind'], { property, span, says }: { readonly property: string; readonly span: Span; readonly says?: string }, reached: Term, holds: Term): void {
    this.obligations.push({ kind, property, span, ...(says !== undefined && { says }), event: this.#event, handler: this.#handler, reached, holds, assumed: [...this.assumed] });
  }

  #write(name: string, reached: Term, key: Term, value: Term | undefined, there: Term): void {
    const terms = this.#terms;
    const map = this.#map(name);
    const zero = terms.bits(0n, mapOf(this.#program, name).value);
    const change = (array: Term, to: Term): Term => terms.store(array, key, terms.ite(reached, to, terms.select(array, key)));
    this.state = new Map([...this.state, [name, { values: change(map.values, value ?? zero), there: change(map.there, there) }]]);
  }

  #clear({ map: name, keys }: Extract<IrStmt, { kind: 'clear' }>, reached: Term): void {
    const terms = this.#terms;
    const map = this.#map(name);
    const empty = emptyState(this.#program, terms).get(name) ?? map;
    this.state = new Map([...this.state, [name, { values: terms.ite(reached, empty.values, map.values), there: keys === 'stay' ? map.there : terms.ite(reached, empty.there, map.there) }]]);
  }

  #map(name: string, before = false): MapState {
    const map = (before ? this.#entered : this.state).get(name);
    if (!map) throw new TypeError(`there is no map ${name}`);
    return map;
  }

  #zero(width: Width): Term {
    return width === 'bool' ? this.#terms.no : this.#terms.bits(0n, width);
  }

  /** An expression as the event that runs now sees it. */
  value(expr: IrExpr): Term {
    const terms = this.#terms;
    switch (expr.kind) {
      case 'const':
        return expr.width === 'bool' ? terms.truth(expr.value !== 0n) : terms.bits(expr.value, expr.width);
      case 'variable':
        return this.#variables.get(expr.name) ?? this.#zero(expr.width);
      case 'read':
        return this.#read(expr.name, expr.width, expr.of && this.value(expr.of));
      case 'entry':
        return terms.select(this.#map(expr.map, expr.before).values, this.value(expr.key));
      case 'present':
        return terms.select(this.#map(expr.map, expr.before).there, this.value(expr.key));
      case 'apply':
        return applyTerms(terms, { op: expr.op, sort: expr.width, ...(expr.low !== undefined && { low: expr.low }) }, expr.args.map((arg) => this.value(arg)));
    }
  }

  /** Different terms may be the same address: then they lead to the same value. */
  #read(name: string, width: Width, of: Term | undefined): Term {
    const terms = this.#terms;
    const clock = of ? undefined : this.clocks.get(name);
    if (clock) return clock;
    const handler = this.#handler;
    const same = this.inputs.filter((input) => input.event === this.#event && input.name === name && input.handler === handler);
    const known = same.find((input) => input.of === of);
    if (known) return known.term;
    const term = terms.input(`${this.#event}: ${this.#several ? `${handler}: ` : ''}${name}${of ? ` #${same.length}` : ''}`, width);
    for (const other of same) if (of && other.of) this.assumed.push(terms.implies(terms.eq(of, other.of), terms.eq(term, other.term)));
    this.inputs.push({ event: this.#event, handler, name, term, ...(of && { of }) });
    return term;
  }
}
