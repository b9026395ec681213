import { interpret, type IrEvent } from '../ir/interpret.ts';
import type { IrExpr, IrHandler, IrProgram, Width } from '../ir/ir.ts';
import type { Candidate } from './candidates.ts';
import type { Place } from './replay.ts';
import { Turns } from './turns.ts';
import { usesOf, walk } from './uses.ts';

const RUNS = 80;
const EVENTS = 6;
/** Values that a read has more often than others, so that keys meet and conditions hold. */
const COMMON = [0n, 1n, 2n, 3n];

export interface Sampled {
  /** The shortest run that was seen to break a condition in its last event, by the condition's place. */
  readonly broken: ReadonlyMap<string, readonly IrEvent[]>;
  /** Places that were got to. */
  readonly reached: ReadonlySet<string>;
  /** Candidates that no run broke. */
  readonly kept: readonly Candidate[];
}

export const placeId = ({ property, span }: Place): string => `${property} ${span.start} ${span.end}`;

/**
 * Runs a program on random events: much of what does not hold is seen so, in less time than a solver takes for one question. The same for the same
 * program.
 */
export async function sample(program: IrProgram, handlers: readonly IrHandler[], candidates: readonly Candidate[]): Promise<Sampled> {
  const random = new Random(7);
  const reads = readsOf(handlers);
  const pool = poolOf(handlers);
  const broken = new Map<string, readonly IrEvent[]>();
  const reached = new Set<string>();
  let kept = candidates;
  const turns = new Turns();
  for (let run = 0; run < RUNS && handlers.length > 0; run++) {
    const any = (name: string): bigint => random.value(reads.get(name) ?? 64, pool);
    const events = eventsOf(handlers, program.clocks ?? [], run % 2 === 0 ? any : mostlySame(any, random), random);
    // Candidates are told by their numbers, which no place in a text is taken for: the user's own invariants are looked for as well.
    const guessed = kept.map(({ map, condition }, n) => ({ map, condition, property: '', span: { start: n, end: n } }));
    const ran = interpret({ ...program, invariants: [...(program.invariants ?? []), ...guessed] }, events);
    for (const place of ran.reached) reached.add(placeId(place));
    const gone = new Set<number>();
    for (const { event, property, span } of ran.violations) {
      if (property === '') gone.add(span.start);
      else if (event + 1 < (broken.get(placeId({ property, span }))?.length ?? Infinity)) broken.set(placeId({ property, span }), events.slice(0, event + 1));
    }
    kept = kept.filter((_, n) => !gone.has(n));
    await turns.next();
  }
  return { broken, reached, kept };
}

/** Numbers that a program compares with, and their neighbours. */
export function poolOf(handlers: readonly IrHandler[]): readonly bigint[] {
  return [...new Set(handlers.flatMap(({ body }) => [...usesOf(body).compared]).flatMap((value) => [value, value + 1n, value - 1n]))];
}

function eventsOf(handlers: readonly IrHandler[], clocks: readonly string[], value: (name: string) => bigint, random: Random): readonly IrEvent[] {
  const firsts = handlers.filter(({ first }) => first);
  const others = handlers.filter(({ first }) => !first);
  let now = 1n;
  return Array.from({ length: firsts.length + (others.length > 0 ? EVENTS : 0) }, (_, n) => {
    now += random.step();
    const handler = (firsts[n] ?? others[random.below(others.length)])?.name ?? '';
    return { handler, reads: new Readings(new Map(clocks.map((clock) => [clock, now])), value) };
  });
}

/** One thread at work on one thing: entries and returns meet, and only times pass. */
function mostlySame(value: (name: string) => bigint, random: Random): (name: string) => bigint {
  const held = new Map<string, bigint>();
  return (name) => {
    const known = held.get(name);
    if (known !== undefined && random.below(8) > 0) return known;
    const made = value(name);
    held.set(name, made);
    return made;
  };
}

/** Makes up what is read, when it is: which addresses are read through is not known before. */
export class Readings extends Map<string, bigint> {
  readonly #made: (name: string) => bigint;

  constructor(clocks: ReadonlyMap<string, bigint>, made: (name: string) => bigint) {
    super(clocks);
    this.#made = made;
  }

  override get(name: string): bigint {
    const known = super.get(name);
    if (known !== undefined) return known;
    const value = this.#made(name.replace(/ of 0x[0-9a-f]+$/, ''));
    this.set(name, value);
    return value;
  }
}

export function readsOf(handlers: readonly IrHandler[]): ReadonlyMap<string, Width> {
  const reads = new Map<string, Width>();
  const look = (expr: IrExpr): void => {
    if (expr.kind === 'read') reads.set(expr.name, expr.width);
  };
  for (const { body } of handlers) walk(body, look);
  return reads;
}

/** A generator of numbers that are the same each time. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  step(): bigint {
    return [0n, 1n, 1_000n, 10n ** 9n, 10n ** 12n][this.below(5)] ?? 1n;
  }

  value(width: Width, pool: readonly bigint[]): bigint {
    if (width === 'bool') return BigInt(this.below(2));
    const far = BigInt(this.below(2 ** 32)) * 2n ** 32n + BigInt(this.below(2 ** 32));
    const kind = this.below(8);
    const values = kind < 4 ? COMMON : kind < 6 ? pool : [far, -1n, far >> 40n];
    return BigInt.asUintN(width, values[this.below(values.length)] ?? far);
  }
}
