import type { Span } from '../../base/span.ts';
import type { Input } from '../ir/execute.ts';
import { interpret, readName, type Execution, type IrEvent, type Step } from '../ir/interpret.ts';
import { UNNAMED, type IrProgram, type Shown, type Width } from '../ir/ir.ts';
import { toSigned } from '../terms/bits.ts';
import { Evaluation, type Value } from '../terms/evaluate.ts';
import type { Counterexample, CounterexampleEvent, ShownValue } from '../verdict.ts';

export interface Place {
  readonly property: string;
  readonly span: Span;
}

/** Values that are tried instead of those a solver found: people think in them. */
const SIMPLE = [0n, 1n, 2n, 10n, 100n, 1_000n];
/** Longer runs stay as they are. */
const LONG = 12;
/** How often a program is run to find simpler values. */
const TRIES = 150;

/** The events of a model, by the handlers they are of. */
export function eventsOf(handlers: readonly string[], inputs: readonly Input[], values: ReadonlyMap<string, Value>): readonly IrEvent[] {
  const evaluation = new Evaluation(values);
  return handlers.map((handler, event) => {
    const own = inputs.filter((input) => input.event === event && (input.handler === undefined || input.handler === handler));
    return { handler, reads: new Map(own.map(({ name, term, of }) => [readName(name, of && evaluation.of(of)), evaluation.of(term)])) };
  });
}

/** What happens when a program runs on these events, if its last one breaks the condition; with simpler values where they do, too. */
export function replay(program: IrProgram, events: readonly IrEvent[], place: Place): Counterexample | undefined {
  if (!violates(interpret(program, events), events.length - 1, place)) return undefined;
  const simple = events.length > LONG ? events : simpler(program, shorter(program, events, place), place);
  return counterexampleOf(program, simple, interpret(program, simple), place);
}

function violates(run: Execution, last: number, { property, span }: Place): boolean {
  return run.violations.some((violation) => violation.event === last && violation.property === property && sameSpan(violation.span, span));
}

const sameSpan = (a: Span, b: Span): boolean => a.start === b.start && a.end === b.end;

/** Without the events that it does not need; what runs first always does. */
function shorter(program: IrProgram, events: readonly IrEvent[], place: Place): readonly IrEvent[] {
  const firsts = new Set(program.handlers.filter(({ first }) => first).map(({ name }) => name));
  for (let n = 0; n < events.length - 1; n++) {
    if (firsts.has(events[n]?.handler ?? '')) continue;
    const fewer = events.filter((_, at) => at !== n);
    if (violates(interpret(program, fewer), fewer.length - 1, place)) return shorter(program, fewer, place);
  }
  return events;
}

function simpler(program: IrProgram, events: readonly IrEvent[], place: Place): readonly IrEvent[] {
  let best = events;
  let tries = 0;
  for (const [n, { reads }] of events.entries()) {
    for (const [name, found] of reads) {
      const named = [...(program.shown?.get(name)?.names?.keys() ?? [])];
      for (const value of [...named, ...SIMPLE]) {
        if (value === found || tries++ >= TRIES) break;
        const tried = best.map((event, at) => (at === n ? { ...event, reads: withValue(event.reads, name, value) } : event));
        if (!violates(interpret(program, tried), events.length - 1, place)) continue;
        best = tried;
        break;
      }
    }
  }
  return best;
}

/** What is read through the value goes with it. */
function withValue(reads: IrEvent['reads'], name: string, value: bigint): IrEvent['reads'] {
  const [from, to] = [reads.get(name) ?? 0n, value].map((address) => readName('', address));
  const moved = [...reads].flatMap(([read, held]): [string, bigint][] => (from !== undefined && to !== undefined && read.endsWith(from) ? [[read.slice(0, -from.length) + to, held]] : []));
  return new Map([...reads, ...moved, [name, value]]);
}

function counterexampleOf(program: IrProgram, events: readonly IrEvent[], run: Execution, { property, span }: Place): Counterexample {
  const end = run.steps.findIndex((step) => step.event === events.length - 1 && step.violated === property && sameSpan(step.span, span));
  const steps = run.steps.slice(0, end + 1);
  const from = new Map(program.maps.flatMap((map) => (map.from === undefined ? [] : [[map.name, map.from]])));
  const shownAs = (name: string): Shown | undefined => program.shown?.get(name);
  return {
    events: events.map(({ handler, reads }, event): CounterexampleEvent => ({
      handler,
      span: program.handlers.find(({ name }) => name === handler)?.span ?? span,
      inputs: run.readings.filter((reading) => reading.event === event).map(({ name, width, value }) => shownValue(name, width, value, shownAs(name))),
      reads: [...reads],
      steps: steps.filter((step) => step.event === event && !step.name.startsWith(UNNAMED)).map((step: Step) => ({ ...shownValue(step.name, step.width, step.value ^ (from.get(step.name) ?? 0n), shownAs(step.name)), span: step.span, ...(step.against && step.violated === 'contract' && { asserted: assertedText(step.against) }) })),
    })),
  };
}

const SIGNS: Readonly<Record<string, string>> = { ult: '< ', ule: '<= ', slt: '< ', sle: '<= ', ugt: '> ', uge: '>= ', sgt: '> ', sge: '>= ' };

function assertedText({ op, width, value }: NonNullable<Step['against']>): string {
  return `${SIGNS[op] ?? ''}${shownValue('', width, value, { signed: op.startsWith('s') }).text}`;
}

/** As a person is shown it. */
export function shownValue(name: string, width: Width, value: bigint, shown: Shown | undefined): ShownValue {
  if (width === 'bool') return { name, value, text: value === 0n ? 'false' : 'true' };
  const own = shown?.signed ? toSigned(value, width) : value;
  const digits = shown?.base === 16 ? `0x${value.toString(16)}` : own.toString();
  return { name, value: own, text: shown?.names?.get(own) ?? shown?.names?.get(value) ?? digits };
}
