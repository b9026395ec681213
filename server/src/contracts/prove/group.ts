import type { Span } from '../../base/span.ts';
import type { IrHandler, IrProgram, IrStmt } from '../ir/ir.ts';
import { Evaluation, type Value } from '../terms/evaluate.ts';
import { isTrue, type Term } from '../terms/term.ts';
import type { Proved, Unknown, Verdict } from '../verdict.ts';
import { AnyEvent, type Before, type Claim } from './any-event.ts';
import type { Asker } from './ask.ts';
import { candidatesOf, type Candidate } from './candidates.ts';
import { inductive } from './houdini.ts';
import { needed } from './needed.ts';
import { repeat } from './repeat.ts';
import { eventsOf, replay } from './replay.ts';
import { placeId, sample, type Sampled } from './sample.ts';
import { Turns } from './turns.ts';
import { Unrolled, type Ended } from './unroll.ts';
import { usesOf, usesOfExpr } from './uses.ts';

/** Of the time for a question, what is spent before it is tried with more that is known. */
const QUICK = 0.25;

/** What is known of an assertion in one handler, or of an invariant. */
export interface Known extends Verdict {
  /** Whose; absent for an invariant. */
  readonly handler?: string;
}

export interface GroupOptions {
  /** Handlers that are not understood, and why. */
  readonly unsupported: ReadonlyMap<string, string>;
  /** The longest sequence of events that is looked at. */
  readonly events: number;
}

/** An assertion of a handler; its copies in rounds of a loop are one. */
class Goal {
  readonly property: string;
  readonly span: Span;
  readonly says: string;
  readonly handler: string | undefined;
  readonly kind: 'assert' | 'bound' | 'invariant';
  /** Why there is no answer so far. */
  failure?: Unknown;
  /** Sequences of events are too long to be looked at. */
  stuck?: true;
  /** Sequences of events that were looked at up to this length. */
  looked = 0;
  /** When its result was known, as `performance.now()` has it. */
  known: number | undefined;
  #result: Verdict['result'] | undefined;

  constructor(kind: Goal['kind'], { property, span, says = '' }: { readonly property: string; readonly span: Span; readonly says?: string }, handler?: string) {
    this.kind = kind;
    this.property = property;
    this.span = span;
    this.says = says;
    this.handler = handler;
  }

  get result(): Verdict['result'] | undefined {
    return this.#result;
  }

  set result(result: Verdict['result']) {
    this.#result = result;
    this.known = performance.now();
  }
}

interface Event {
  readonly any: AnyEvent;
  readonly goals: readonly Goal[];
}

/** Proves or refutes what a group of handlers asserts: each event alone, then with invariants, then sequences of events. */
export class GroupProof {
  readonly #began = performance.now();
  readonly #turns = new Turns();
  readonly #program: IrProgram;
  readonly #asker: Asker;
  readonly #options: GroupOptions;
  readonly #goals: Goal[] = [];
  readonly #invariants: readonly Goal[];
  readonly #handlers: readonly IrHandler[];
  readonly #firsts: readonly IrHandler[];
  /** Nobody knows what was done first: what is seen from empty maps need not be so. */
  readonly #isBlind: boolean;
  /** Maps that are written in ways that are not known. */
  readonly #havoc: ReadonlySet<string>;
  #sampled: Sampled = { broken: new Map(), reached: new Set(), kept: [] };
  #kept: readonly Candidate[] = [];

  constructor(program: IrProgram, asker: Asker, options: GroupOptions) {
    this.#program = program;
    this.#asker = asker;
    this.#options = options;
    const unknown = program.handlers.filter(({ name }) => options.unsupported.has(name));
    this.#handlers = program.handlers.filter(({ name }) => !options.unsupported.has(name));
    this.#firsts = this.#handlers.filter(({ first }) => first);
    this.#isBlind = unknown.some(({ first, body }) => first && usesOf(body).written.size > 0);
    this.#havoc = new Set(unknown.flatMap(({ body }) => [...usesOf(body).written]));
    this.#invariants = (program.invariants ?? []).map((invariant) => new Goal('invariant', invariant));
  }

  async run(): Promise<readonly Known[]> {
    const events: Event[] = [];
    for (const handler of this.#handlers) {
      const goals = goalsOf(handler);
      this.#goals.push(...goals);
      events.push({ any: new AnyEvent(this.#program, this.#asker.terms, handler, this.#before(handler)), goals });
      await this.#turns.next();
    }
    await this.#tryOut();
    for (const event of events) await this.#alone(event);
    const writers = this.#handlers.filter(({ first, body }) => !first && usesOf(body).written.size > 0);
    const unrolled = new Unrolled(this.#program, this.#asker.terms, this.#firsts, writers);
    const answered = await this.#sequences(unrolled, 1, QUICK);
    if (this.#isOpen()) await this.#induction(events);
    if (!answered) await this.#sequences(unrolled, 1);
    for (let length = 2; length <= this.#options.events && this.#isOpen(); length++) {
      unrolled.grow();
      await this.#sequences(unrolled, length);
    }
    if (this.#isUnanswered()) await this.#repeat();
    for (const event of events) await this.#reach(event);
    return [...this.#goals, ...this.#invariants].flatMap((goal) => this.#knownOf(goal)).concat(this.#notUnderstood());
  }

  /** What runs first finds empty maps; later on, what others write as well may hold anything. */
  #before(handler: IrHandler): Before {
    const firsts = handler.first ? this.#firsts.slice(0, this.#firsts.indexOf(handler)) : this.#firsts;
    const others = handler.first ? [] : this.#handlers.filter(({ first }) => !first);
    const written = new Set(others.flatMap(({ body }) => [...usesOf(body).written]));
    const filled = [...firsts, ...others].flatMap(({ body }) => [...usesOf(body).filled]);
    return { firsts, filled: new Set([...this.#havoc, ...filled.filter((map) => written.has(map))]) };
  }

  #isOpen(): boolean {
    return [...this.#goals, ...this.#invariants].some(({ result, stuck }) => !result && !stuck);
  }

  #isUnanswered(): boolean {
    return !this.#isBlind && [...this.#goals, ...this.#invariants].some(({ result, kind }) => !result && kind !== 'bound');
  }

  /** What is seen when one event comes many times. */
  async #repeat(): Promise<void> {
    const open = [...this.#goals, ...this.#invariants].filter(({ result, kind }) => !result && kind !== 'bound');
    this.#refuteSeen(open, await repeat(this.#program, this.#handlers, new Set(open.map(placeId))));
  }

  /** What is seen when the program runs on random events needs no solver. */
  async #tryOut(): Promise<void> {
    this.#sampled = await sample(this.#program, this.#handlers, candidatesOf(this.#program, this.#havoc));
    if (this.#isBlind) return;
    this.#refuteSeen([...this.#goals, ...this.#invariants], this.#sampled.broken);
  }

  #refuteSeen(goals: readonly Goal[], broken: Sampled['broken']): void {
    for (const goal of goals) {
      const events = broken.get(placeId(goal));
      const last = events?.at(-1);
      if (!events || (goal.handler !== undefined && last?.handler !== goal.handler)) continue;
      const counterexample = replay(this.#program, events, goal);
      if (counterexample) goal.result = { kind: 'refuted', counterexample };
    }
  }

  /** Each event alone, whatever the maps hold. */
  async #alone({ any, goals }: Event): Promise<void> {
    const left = await this.#prove(any.always, any.claims, goals, QUICK, (values, broken) => {
      for (const { obligation } of broken) {
        const goal = goals.find((one) => isOf(one, obligation));
        // Behind what ran first it is looked for with sequences.
        if (goal && !goal.result && goal.kind === 'assert' && this.#firsts.length === 0) this.#refute(goal, [any.handler.name], any.run.inputs, values);
      }
    });
    for (const goal of goals) if (!goal.result && !left.has(goal)) goal.result = { kind: 'proved', by: 'always', invariants: [] };
  }

  async #induction(events: readonly Event[]): Promise<void> {
    const relevant = this.#relevant(events);
    const candidates = this.#sampled.kept.filter(({ maps }) => [...maps].every((map) => relevant.has(map)));
    this.#kept = await inductive(this.#asker, events.map(({ any }) => any), candidates);
    for (const goal of this.#invariants) {
      const own = this.#kept.find(({ invariant }) => invariant && isOf(goal, { kind: 'invariant', ...invariant }));
      if (own && !goal.result) goal.result = { kind: 'proved', by: 'induction', invariants: await this.#helping(events, own) };
    }
    for (const { any, goals } of events) {
      const open = goals.filter(({ result }) => !result);
      if (open.length === 0) continue;
      const left = await this.#prove([...any.always, ...any.held(this.#kept)], any.claims, open, 1);
      for (const goal of open) if (!left.has(goal)) goal.result = { kind: 'proved', by: 'induction', invariants: await this.#restsOn(any, goal) };
    }
  }

  /** The maps that what is open depends on, directly or through what is stored in others. */
  #relevant(events: readonly Event[]): ReadonlySet<string> {
    const maps = new Set((this.#program.invariants ?? []).flatMap(({ map, condition }) => [map, ...usesOfExpr(condition).read]));
    for (const { any, goals } of events) {
      const open = any.run.obligations.filter((obligation) => goals.some((goal) => !goal.result && isOf(goal, obligation)));
      for (const map of any.mapsIn(open.flatMap(({ reached, holds, assumed }) => [reached, holds, ...assumed]))) maps.add(map);
    }
    for (const map of maps) {
      for (const { any } of events) {
        const { values, there } = any.run.state.get(map) ?? {};
        if (values && there) for (const other of any.mapsIn([values, there])) maps.add(other);
      }
    }
    return maps;
  }

  /** All sequences of a length that start with empty maps. `part`: of the time for a question. Gives whether there was an answer. */
  async #sequences(unrolled: Unrolled, length: number, part = 1): Promise<boolean> {
    if (this.#isBlind) return true;
    let answered = true;
    for (const handler of this.#handlers) {
      const open = [...this.#goals, ...this.#invariants].filter((goal) => !goal.result && !goal.stuck && goal.kind !== 'bound' && (goal.handler === handler.name || goal.kind === 'invariant'));
      if (open.length === 0) continue;
      const ended = unrolled.end(handler, (obligation) => open.some((goal) => isOf(goal, obligation)));
      await this.#turns.next();
      const before = new Map(open.map((goal) => [goal, goal.failure]));
      for (const goal of open) delete goal.failure;
      await this.#prove(ended.before, ended.claims, open, part, (values, broken) => this.#found(ended, open, values, broken));
      for (const goal of open) {
        const failure = before.get(goal);
        if (goal.failure) {
          answered = false;
          if (part === 1) goal.stuck = true;
        } else if (failure) goal.failure = failure;
      }
    }
    if (answered || part === 1) for (const goal of [...this.#goals, ...this.#invariants]) if (!goal.result && !goal.stuck) goal.looked = length;
    return answered;
  }

  #found(ended: Ended, open: readonly Goal[], values: ReadonlyMap<string, Value>, broken: readonly Claim[]): void {
    for (const { obligation } of broken) {
      const goal = open.find((one) => isOf(one, obligation));
      if (!goal || goal.result) continue;
      if (this.#refute(goal, ended.handlersOf(values), ended.inputs, values)) continue;
      goal.result = { kind: 'unknown', reason: 'disagreement', detail: 'the solver found values that do not break the condition when the program is run with them: a defect of Kgent' };
    }
  }

  #refute(goal: Goal, handlers: readonly string[], inputs: Ended['inputs'], values: ReadonlyMap<string, Value>): boolean {
    if (this.#isBlind) return false;
    const counterexample = replay(this.#program, eventsOf(handlers, inputs, values), goal);
    if (counterexample) goal.result = { kind: 'refuted', counterexample };
    return counterexample !== undefined;
  }

  /**
   * The goals of which some claim can be broken, or of which there is no answer: of the others it is proved that none can. All are asked for at once,
   * and again without those that were seen broken.
   */
  async #prove(given: readonly Term[], all: readonly Claim[], goals: readonly Goal[], part: number, onBroken?: (values: ReadonlyMap<string, Value>, broken: readonly Claim[]) => void): Promise<ReadonlySet<Goal>> {
    const left = new Set<Goal>();
    let claims = all.filter(({ obligation }) => goals.some((goal) => !goal.result && isOf(goal, obligation)));
    const open = (goal: Goal): void => {
      left.add(goal);
      claims = claims.filter(({ obligation }) => !isOf(goal, obligation));
    };
    const goalOf = ({ obligation }: Claim): Goal | undefined => goals.find((goal) => isOf(goal, obligation));
    let together = true;
    while (claims.length > 0) {
      const asked = together ? claims : claims.filter((claim) => claims[0] && goalOf(claim) === goalOf(claims[0]));
      const found = await this.#asker.find([...given, this.#asker.terms.any(asked.map(({ broken }) => broken))], part);
      if (found.kind === 'none') {
        for (const claim of asked) delete goalOf(claim)?.failure;
        claims = claims.filter((claim) => !asked.includes(claim));
      } else if (found.kind === 'found') {
        const values = new Evaluation(found.values);
        const broken = asked.filter((claim) => values.holds(claim.broken));
        onBroken?.(found.values, broken);
        for (const claim of broken.length > 0 ? broken : asked) {
          const goal = goalOf(claim);
          if (goal) open(goal);
        }
      } else if (together && asked.length > 1 && found.reason !== 'killed') together = false;
      else {
        for (const goal of new Set(asked.map(goalOf))) {
          if (!goal) continue;
          goal.failure = { kind: 'unknown', reason: found.reason, detail: found.detail };
          open(goal);
        }
      }
    }
    return left;
  }

  /** A proof of what is never got to proves nothing. */
  async #reach({ any, goals }: Event): Promise<void> {
    const { terms } = this.#asker;
    const given = [...any.always, ...any.held(this.#kept)];
    let unseen = goals.filter(({ result, kind }) => result?.kind === 'proved' && kind === 'assert');
    const reachedOf = (goal: Goal): Term => terms.any(any.claims.filter(({ obligation }) => isOf(goal, obligation)).map(({ reached }) => reached));
    unseen = unseen.filter((goal) => !this.#sampled.reached.has(placeId(goal)) && !isTrue(reachedOf(goal)));
    while (unseen.length > 0) {
      const found = await this.#asker.find([...given, terms.any(unseen.map(reachedOf))]);
      if (found.kind === 'unknown') return;
      if (found.kind === 'none') break;
      const values = new Evaluation(found.values);
      const left = unseen.filter((goal) => !values.holds(reachedOf(goal)));
      if (left.length === unseen.length) return;
      unseen = left;
    }
    if (unseen.length === 0) return;
    const why = goals.some(({ kind, result }) => kind === 'bound' && result?.kind !== 'proved') ? TOO_FEW_ROUNDS : (await this.#asker.find([...given, ...any.run.assumed])).kind === 'none' ? CONTRADICTORY : VACUOUS;
    for (const goal of unseen) goal.result = why;
  }

  /** What all events keep true that a proof needs. */
  async #restsOn(any: AnyEvent, goal: Goal): Promise<readonly string[]> {
    const { read } = usesOf(any.handler.body);
    const { terms } = this.#asker;
    const broken = terms.any(any.claims.filter(({ obligation }) => isOf(goal, obligation)).map((claim) => claim.broken));
    const known = this.#kept.filter(({ map }) => read.has(map));
    const found = await needed(known, async (some) => (await this.#asker.find([...any.always, ...any.held(some), broken], QUICK)).kind === 'none');
    return found.map(({ words }) => words);
  }

  /** What an invariant of the user's needs to be kept. */
  async #helping(events: readonly Event[], own: Candidate): Promise<readonly string[]> {
    const known = this.#kept.filter((candidate) => candidate !== own && own.maps.has(candidate.map));
    const found = await needed(known, async (some) => {
      for (const { any } of events) {
        const lost = any.lost(own);
        if (lost && (await this.#asker.find([...any.always, ...any.held([own, ...some]), lost], QUICK)).kind !== 'none') return false;
      }
      return true;
    });
    return found.map(({ words }) => words);
  }

  #knownOf(goal: Goal): readonly Known[] {
    const { property, span, says, handler, kind } = goal;
    const result = goal.result ?? this.#unknown(goal);
    if (kind === 'bound' && result.kind !== 'unknown') return [];
    const ms = Math.round((goal.known ?? performance.now()) - this.#began);
    return [{ property, span, says, ms, result: result.kind === 'proved' ? this.#withRounds(goal, result) : result, ...(handler !== undefined && { handler }) }];
  }

  #unknown({ kind, property, span, failure, looked }: Goal): Unknown {
    if (failure) return { ...failure, events: looked };
    if (kind === 'bound') return { kind: 'unknown', reason: 'bound', detail: 'the loop may go on for more rounds than were looked at' };
    const invariant = (this.#program.invariants ?? []).find((one) => isOf({ kind: 'invariant', property, span }, { kind: 'invariant', ...one }));
    const maps = invariant ? [invariant.map, ...usesOfExpr(invariant.condition).read] : this.#program.maps.map(({ name }) => name);
    const unknown = maps.filter((map) => this.#havoc.has(map));
    if (unknown.length > 0) return { kind: 'unknown', reason: 'unsupported', detail: `${unknown.join(', ')} is written by a probe that is not understood: ${[...this.#options.unsupported.values()].join('; ')}`, events: looked };
    return { kind: 'unknown', reason: 'bound', detail: `no violation in ${looked} events, but no proof for more`, events: looked };
  }

  #withRounds({ handler }: Goal, proved: Proved): Proved {
    const cut = this.#goals.filter((goal) => goal.kind === 'bound' && goal.handler === handler && goal.result?.kind !== 'proved');
    const limits = this.#handlers.filter(({ name }) => name === handler).flatMap(({ body }) => loopsOf(body)).filter(({ span }) => cut.some((goal) => goal.span.start === span.start && goal.span.end === span.end));
    return limits.length > 0 ? { ...proved, rounds: Math.min(...limits.map(({ limit }) => limit)) } : proved;
  }

  #notUnderstood(): readonly Known[] {
    return this.#program.handlers.flatMap((handler) => {
      const why = this.#options.unsupported.get(handler.name);
      if (why === undefined) return [];
      return goalsOf(handler).filter(({ kind }) => kind === 'assert').map(({ property, span, says }): Known => ({ property, span, says, handler: handler.name, result: { kind: 'unknown', reason: 'unsupported', detail: why } }));
    });
  }
}

const VACUOUS: Unknown = { kind: 'unknown', reason: 'vacuous', detail: 'no execution gets here, so there is nothing to prove' };
const TOO_FEW_ROUNDS: Unknown = { kind: 'unknown', reason: 'bound', detail: 'it is not got to within the rounds of loops that were looked at' };
const CONTRADICTORY: Unknown = { kind: 'unknown', reason: 'contradictory', detail: 'what is assumed cannot be true together, so there is nothing to prove' };

function isOf(goal: Pick<Goal, 'kind' | 'property' | 'span'>, { kind, property, span }: Pick<Goal, 'kind' | 'property' | 'span'>): boolean {
  return goal.kind === kind && goal.property === property && goal.span.start === span.start && goal.span.end === span.end;
}

function goalsOf({ name, body }: IrHandler): readonly Goal[] {
  const goals = new Map<string, Goal>();
  for (const statement of flat(body)) {
    if (statement.kind !== 'assert' && statement.kind !== 'loop') continue;
    const { span } = statement;
    const goal = statement.kind === 'assert' ? new Goal('assert', statement, name) : new Goal('bound', { property: 'loop-bound', span, says: `the loop ends within ${statement.limit} rounds` }, name);
    const id = `${goal.kind} ${goal.property} ${span.start} ${span.end}`;
    if (!goals.has(id)) goals.set(id, goal);
  }
  return [...goals.values()];
}

function flat(body: readonly IrStmt[]): readonly IrStmt[] {
  return body.flatMap((statement) => {
    if (statement.kind === 'if') return [statement, ...flat(statement.then), ...flat(statement.otherwise)];
    return statement.kind === 'loop' ? [statement, ...flat(statement.body)] : [statement];
  });
}

function loopsOf(body: readonly IrStmt[]): readonly Extract<IrStmt, { kind: 'loop' }>[] {
  return flat(body).filter((statement) => statement.kind === 'loop');
}
