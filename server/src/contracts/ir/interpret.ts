import type { Span } from '../../base/span.ts';
import { applied } from '../terms/evaluate.ts';
import { CLOCK_END, looksBack, mapOf, widthOf, type IrExpr, type IrHandler, type IrInvariant, type IrProgram, type IrStmt, type Width } from './ir.ts';

/** One event: which handler runs, and what it reads, by `readName`. What is not given is 0, and a clock as it last was. */
export interface IrEvent {
  readonly handler: string;
  readonly reads: ReadonlyMap<string, bigint>;
}

/** How a read is called: through an address, each address has its own. */
export function readName(name: string, address?: bigint): string {
  return address === undefined ? name : `${name} of 0x${address.toString(16)}`;
}

/** A step that was taken: what was set, or which way it went (without a name). */
export interface Step {
  /** The number of the event, from 0. */
  readonly event: number;
  readonly span: Span;
  readonly name: string;
  readonly width: Width;
  readonly value: bigint;
  /** The property that is violated here. */
  readonly violated?: string;
  /** What was asserted of a value in a comparison that is violated: `ugt` stands for a comparison with the sides exchanged. */
  readonly against?: { readonly op: string; readonly width: Width; readonly value: bigint };
}

/** What an event read for the first time, in the order of reading. */
export interface Reading {
  readonly event: number;
  readonly name: string;
  readonly width: Width;
  readonly value: bigint;
}

/** An assertion or invariant that did not hold; the program goes on. */
export interface Violation {
  readonly event: number;
  readonly property: string;
  readonly span: Span;
}

export type Ending =
  | { readonly kind: 'done' }
  /** What was assumed does not hold, or a clock went back: such events are not looked at. */
  | { readonly kind: 'excluded'; readonly event: number; readonly span: Span }
  /** A loop went on behind its limit. */
  | { readonly kind: 'unbounded'; readonly event: number; readonly span: Span };

export interface Execution {
  readonly ending: Ending;
  readonly violations: readonly Violation[];
  /** Assertions that were got to, whether they held or not. */
  readonly reached: ReadonlySet<{ readonly property: string; readonly span: Span }>;
  readonly steps: readonly Step[];
  readonly readings: readonly Reading[];
  /** What the maps hold afterwards. */
  readonly maps: ReadonlyMap<string, ReadonlyMap<bigint, bigint>>;
}

/** Runs a program on events, with values: what a counterexample is replayed with. Knows nothing of terms and solvers. */
export function interpret(program: IrProgram, events: readonly IrEvent[]): Execution {
  const run = new Run(program);
  return run.all(events);
}

/** What is asked of the left side of a comparison: `eq` what. */
function comparedWith(condition: IrExpr): { readonly op: string; readonly expr: IrExpr } | undefined {
  if (condition.kind !== 'apply') return undefined;
  const { op, args: [left, right] } = condition;
  if (!left || !right) return undefined;
  if (op === 'eq') return { op, expr: right };
  // `x > 1` is told as 1 < x: which side is the limit is seen by what is a number.
  if (!/^[us]l[te]$/.test(op) || (left.kind === 'const') === (right.kind === 'const')) return undefined;
  return right.kind === 'const' ? { op, expr: right } : { op: op.replace('l', 'g'), expr: left };
}

class Left extends Error {
  readonly ending: Ending | undefined;

  constructor(ending?: Ending) {
    super('left');
    this.ending = ending;
  }
}

class Run {
  readonly #program: IrProgram;
  readonly #maps: ReadonlyMap<string, Map<bigint, bigint>>;
  /** As they were before the event, where an invariant speaks of that. */
  #before: ReadonlyMap<string, ReadonlyMap<bigint, bigint>> = new Map();
  readonly #steps: Step[] = [];
  readonly #violations: Violation[] = [];
  readonly #reached = new Set<Extract<IrStmt, { kind: 'assert' }>>();
  readonly #readings = new Map<string, Reading>();
  readonly #clocks: Map<string, bigint>;
  #variables = new Map<string, bigint>();
  #event = 0;
  #reads: ReadonlyMap<string, bigint> = new Map();

  constructor(program: IrProgram) {
    this.#program = program;
    this.#maps = new Map(program.maps.map(({ name }) => [name, new Map<bigint, bigint>()]));
    this.#clocks = new Map((program.clocks ?? []).map((name) => [name, 0n]));
  }

  all(events: readonly IrEvent[]): Execution {
    let ending: Ending = { kind: 'done' };
    for (const [number, { handler, reads }] of events.entries()) {
      this.#event = number;
      this.#reads = reads;
      this.#variables = new Map();
      ending = this.#handle(this.#program.handlers.find(({ name }) => name === handler));
      if (ending.kind !== 'done') break;
    }
    return { ending, violations: this.#violations, reached: this.#reached, steps: this.#steps, readings: [...this.#readings.values()], maps: this.#maps };
  }

  #handle(handler: IrHandler | undefined): Ending {
    if (!handler) throw new TypeError('there is no such handler');
    if ((this.#program.invariants ?? []).some(({ condition }) => looksBack(condition))) this.#before = new Map([...this.#maps].map(([name, entries]) => [name, new Map(entries)]));
    if (!this.#tick()) return { kind: 'excluded', event: this.#event, span: handler.span };
    try {
      this.#block(handler.body);
    } catch (error) {
      if (!(error instanceof Left)) throw error;
      if (error.ending) return error.ending;
    }
    for (const invariant of this.#program.invariants ?? []) this.#invariant(invariant);
    return { kind: 'done' };
  }

  /** Whether the clocks of this event are above 0, did not go back and are below their end. */
  #tick(): boolean {
    for (const [name, before] of this.#clocks) {
      const now = this.#reads.get(name) ?? (before || 1n);
      if (now === 0n || now < before || now >= CLOCK_END) return false;
      this.#clocks.set(name, now);
    }
    return true;
  }

  /** Said of the first entry that it does not hold for. */
  #invariant({ map, condition, property, span }: IrInvariant): void {
    const { key: width, value: valueWidth } = mapOf(this.#program, map);
    const earlier = looksBack(condition) ? this.#before.get(map) : undefined;
    for (const [key, value] of this.#map(map)) {
      if (earlier && !earlier.has(key)) continue;
      this.#variables = new Map([['key', key], ['value', value]]);
      if (this.#value(condition) !== 0n) continue;
      this.#steps.push({ event: this.#event, span, name: 'key', width, value: key });
      this.#step(map, valueWidth, value, span);
      this.#violated(property, span);
      return;
    }
  }

  #violated(property: string, span: Span, condition?: IrExpr): void {
    this.#violations.push({ event: this.#event, property, span });
    const right = condition && comparedWith(condition);
    const against = right && { op: right.op, width: widthOf(this.#program, right.expr), value: this.#value(right.expr) };
    this.#steps.push({ event: this.#event, span, name: '', width: 'bool', value: 0n, violated: property, ...(against && { against }) });
  }

  #block(body: readonly IrStmt[]): void {
    for (const statement of body) this.#statement(statement);
  }

  #statement(statement: IrStmt): void {
    const { span } = statement;
    const event = this.#event;
    switch (statement.kind) {
      case 'set':
        this.#variables.set(statement.name, this.#step(statement.name, widthOf(this.#program, statement.value), this.#value(statement.value), span));
        return;
      case 'put': {
        const key = this.#value(statement.key);
        this.#map(statement.map).set(key, this.#step(statement.map, mapOf(this.#program, statement.map).value, this.#value(statement.value), span));
        return;
      }
      case 'remove':
        this.#map(statement.map).delete(this.#value(statement.key));
        return;
      case 'clear':
        return this.#clear(statement);
      case 'if':
        return this.#block(this.#step('', 'bool', this.#value(statement.condition), span) === 0n ? statement.otherwise : statement.then);
      case 'loop':
        return this.#loop(statement);
      case 'assume':
        if (this.#value(statement.condition) === 0n) throw new Left({ kind: 'excluded', event, span });
        return;
      case 'assert':
        this.#reached.add(statement);
        if (this.#value(statement.condition) === 0n) this.#violated(statement.property, span, statement.condition);
        return;
      case 'leave':
        throw new Left();
    }
  }

  #clear({ map: name, keys }: Extract<IrStmt, { kind: 'clear' }>): void {
    const map = this.#map(name);
    if (keys !== 'stay') return map.clear();
    for (const key of map.keys()) map.set(key, 0n);
  }

  #loop({ condition, body, limit, span }: Extract<IrStmt, { kind: 'loop' }>): void {
    for (let round = 0; this.#value(condition) !== 0n; round++) {
      if (round === limit) throw new Left({ kind: 'unbounded', event: this.#event, span });
      this.#block(body);
    }
  }

  #step(name: string, width: Width, value: bigint, span: Span): bigint {
    this.#steps.push({ event: this.#event, span, name, width, value });
    return value;
  }

  #map(name: string): Map<bigint, bigint> {
    return this.#of(this.#maps, name);
  }

  #of<M>(maps: ReadonlyMap<string, M>, name: string): M {
    const map = maps.get(mapOf(this.#program, name).name);
    if (!map) throw new TypeError(`there is no map ${name}`);
    return map;
  }

  #seen({ map, before }: Extract<IrExpr, { kind: 'entry' | 'present' }>): ReadonlyMap<bigint, bigint> {
    return this.#of(before ? this.#before : this.#maps, map);
  }

  #value(expr: IrExpr): bigint {
    switch (expr.kind) {
      case 'const':
        return expr.value;
      case 'variable':
        return this.#variables.get(expr.name) ?? 0n;
      case 'read':
        return this.#read(expr.name, expr.width, expr.of && this.#value(expr.of));
      case 'entry':
        return this.#seen(expr).get(this.#value(expr.key)) ?? 0n;
      case 'present':
        return this.#seen(expr).has(this.#value(expr.key)) ? 1n : 0n;
      case 'apply':
        return this.#apply(expr);
    }
  }

  #read(name: string, width: Width, address: bigint | undefined): bigint {
    const called = readName(name, address);
    const value = (address === undefined ? this.#clocks.get(name) : undefined) ?? this.#reads.get(called) ?? 0n;
    const place = `${this.#event}: ${called}`;
    if (!this.#readings.has(place)) this.#readings.set(place, { event: this.#event, name, width, value });
    return value;
  }

  #apply(expr: Extract<IrExpr, { kind: 'apply' }>): bigint {
    const [first, second, third] = expr.args;
    if (expr.op === 'ite' && first && second && third) return this.#value(this.#value(first) === 0n ? third : second);
    const args = expr.args.map((arg) => ({ op: 'const' as const, id: 0, sort: widthOf(this.#program, arg), args: [] }));
    return applied({ op: expr.op, sort: expr.width, args, ...(expr.low !== undefined && { low: expr.low }) }, expr.args.map((arg) => this.#value(arg)));
  }
}
