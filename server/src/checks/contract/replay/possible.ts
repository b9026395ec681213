import { interpret, type Execution, type IrEvent } from '../../../contracts/ir/interpret.ts';
import type { IrHandler, IrProgram, IrStmt, Width } from '../../../contracts/ir/ir.ts';
import { RESULT } from '../../../contracts/verdict.ts';
import type { Place } from '../../../contracts/prove/replay.ts';
import { bytesOf } from './bytes.ts';
import { kindOf, whyNot, type Kind } from './kinds.ts';
import { limitsOf, readsOf, type Limits } from './limits.ts';
import type { RealObject } from './object.ts';
import type { Preset } from './plan.ts';

/** A handler that can be run for real. */
export interface RealHandler {
  readonly kind: Kind;
  readonly limits: Limits;
  readonly reads: ReadonlyMap<string, Width>;
}

/** A program and what of it can be run for real. */
export interface Setting {
  /** Leaves results in `RESULT`. */
  readonly program: IrProgram;
  readonly object: RealObject;
  readonly handlers: ReadonlyMap<string, RealHandler>;
}

export interface Possible {
  readonly kind: 'possible';
  readonly events: readonly IrEvent[];
  /** The first event that really happens; what those before leave in maps is put there. */
  readonly from: number;
  readonly presets: readonly Preset[];
  /** What must come of it: one for each of some choices of what nobody can choose. */
  readonly expected: readonly Execution[];
  /** What nobody can choose: what differs may differ for that. */
  readonly unchosen: readonly string[];
}

/** `others`: with other values it may be possible. */
export type Possibility = Possible | { readonly kind: 'not'; readonly why: string; readonly others: boolean };

/** Choices that are tried of what nobody can choose, and how many of them must lead somewhere. */
const SAMPLES = 12;
const ENOUGH = 4;

export function settingOf(program: IrProgram, results: ReadonlyMap<string, readonly IrStmt[]>, object: RealObject): Setting {
  const handlers = program.handlers.map((handler): IrHandler => ({ ...handler, body: [...handler.body, ...(results.get(handler.name) ?? [])] }));
  const real = handlers.flatMap((handler): [string, RealHandler][] => {
    const kind = kindOf(object.sections.get(handler.name) ?? '');
    return kind ? [[handler.name, { kind, limits: limitsOf(handler, kind, object), reads: readsOf(handler) }]] : [];
  });
  return { program: { ...program, handlers }, object, handlers: new Map(real) };
}

/** The program, of which only events are looked at that can be made to happen where a handler can be run at all. */
export function withLimits({ program, handlers }: Setting): IrProgram {
  const limited = program.handlers.map((handler) => {
    const assumed = handlers.get(handler.name)?.limits.limits.map(({ condition }): IrStmt => ({ kind: 'assume', condition, span: handler.span })) ?? [];
    return { ...handler, body: [...assumed, ...handler.body] };
  });
  return { ...program, handlers: limited };
}

/** Whether events that break a condition can be made to happen, and how. */
export function possibilityOf(setting: Setting, events: readonly IrEvent[], place: Place): Possibility {
  const { program, handlers, object } = setting;
  const last = events.at(-1)?.handler ?? '';
  if (!handlers.has(last)) return { kind: 'not', why: whyNot(object.sections.get(last) ?? last), others: false };
  const from = 1 + events.findLastIndex(({ handler }) => !handlers.has(handler));
  const unmet = events.slice(from).flatMap((event) => (handlers.get(event.handler)?.limits.limits ?? []).filter(({ condition }) => !holds(condition, event)));
  if (unmet[0]) return { kind: 'not', why: unmet[0].why, others: true };
  const presets = presetsOf(setting, interpret(program, events.slice(0, from)));
  if (!presets) return { kind: 'not', why: 'variables of the program cannot be set beforehand', others: true };
  const run = interpret(program, events);
  const unchosen = [...new Set(run.readings.filter(({ event, name }) => event >= from && handlers.get(events[event]?.handler ?? '')?.limits.unchosen.has(name)).map(({ name }) => name))];
  const expected = unchosen.length === 0 ? [run] : samples(setting, events, from);
  if (expected.length < Math.min(ENOUGH, unchosen.length + 1) || !expected.every((one) => violates(one, events.length - 1, place))) return { kind: 'not', why: unchosen.length > 0 ? `nobody can choose ${unchosen.join(', ')}` : 'it does not happen when it is run again', others: unchosen.length > 0 };
  return { kind: 'possible', events, from, presets, expected, unchosen };
}

function holds(condition: Limits['limits'][number]['condition'], event: IrEvent): boolean {
  const span = { start: 0, end: 0 };
  return interpret({ maps: [], handlers: [{ name: event.handler, span, body: [{ kind: 'assume', condition, span }] }] }, [event]).ending.kind === 'done';
}

function violates({ violations }: Execution, last: number, { property, span }: Place): boolean {
  return violations.some((one) => one.event === last && one.property === property && one.span.start === span.start && one.span.end === span.end);
}

/** What an event returns, as the kernel tells it; undefined where that is not known. */
export function returnedBy({ steps }: Execution, event: number): bigint | undefined {
  const result = steps.find((step) => step.event === event && step.name === RESULT)?.value;
  return result === undefined ? undefined : BigInt.asUintN(32, result);
}

/** Undefined where a variable would have to be set. */
function presetsOf({ object, program }: Setting, { maps }: Execution): readonly Preset[] | undefined {
  const presets: Preset[] = [];
  for (const { name } of program.maps) {
    const info = object.maps.get(name);
    const entries = [...(maps.get(name) ?? [])];
    if (!info && entries.length > 0) return undefined;
    if (info) presets.push(...entries.map(([key, value]) => ({ map: name, key: bytesOf(key, info.keyBytes), value: bytesOf(value, info.valueBytes) })));
  }
  return presets;
}

/** Runs with the same choices, and others of what nobody can choose. */
function samples({ program, handlers }: Setting, events: readonly IrEvent[], from: number): readonly Execution[] {
  const runs = Array.from({ length: SAMPLES }, (_, sample) => interpret(program, events.map((event, at) => {
    const unchosen = at < from ? undefined : handlers.get(event.handler)?.limits.unchosen;
    return unchosen ? { ...event, reads: new Chosen(event.reads, unchosen, new Set(program.clocks), sample, at) } : event;
  })));
  return runs.filter(({ ending }) => ending.kind === 'done');
}

/** Nanoseconds of the clock in the first sample, and what it goes on by. */
const CLOCK = 10n ** 12n;
const TICK = 10n ** 7n;

/** What is read, with something made up for what nobody can choose. The same for the same sample. */
class Chosen extends Map<string, bigint> {
  readonly #unchosen: ReadonlyMap<string, Width>;
  readonly #clocks: ReadonlySet<string>;
  readonly #sample: number;
  readonly #event: number;

  constructor(reads: ReadonlyMap<string, bigint>, unchosen: ReadonlyMap<string, Width>, clocks: ReadonlySet<string>, sample: number, event: number) {
    super(reads);
    this.#unchosen = unchosen;
    this.#clocks = clocks;
    this.#sample = sample;
    this.#event = event;
  }

  override get(name: string): bigint | undefined {
    // Clocks go on in all events, also those that do not look at them.
    if (this.#clocks.has(name)) return (CLOCK + BigInt(this.#event) * TICK) * 3n ** BigInt(this.#sample);
    const width = this.#unchosen.get(name) ?? this.#unchosen.get(name.replace(/ of 0x[0-9a-f]+$/, ''));
    if (width === undefined) return super.get(name);
    // Who asks, the processor and the like are the same in all events, as a rule.
    let hash = BigInt(this.#sample * 1_000_003 + (this.#sample % 2) * this.#event * 7919);
    for (let i = 0; i < name.length; i++) hash = BigInt.asUintN(64, (hash ^ BigInt(name.charCodeAt(i))) * 0x100000001b3n);
    // Small numbers, large ones and those in between.
    const shift = [0n, 40n, 58n][this.#sample % 3] ?? 0n;
    return BigInt.asUintN(width === 'bool' ? 1 : width, (hash ^ (hash >> 29n)) >> shift);
  }
}
