import type { Span } from '../../base/span.ts';
import { interpret, type IrEvent } from '../ir/interpret.ts';
import type { IrProgram } from '../ir/ir.ts';
import { withOwnNames } from '../prove/prove.ts';
import { replay } from '../prove/replay.ts';
import type { Proved, Refuted, Translated, Unknown, Verdict } from '../verdict.ts';
import { readCounterexample, type SeahornInputs } from './counterexample.ts';
import { eventsOf } from './events.ts';
import { eventsOfHarness } from './harness/events.ts';
import type { Harness } from './harness/prepare.ts';
import { printHarness } from './harness/print.ts';
import { printSeahorn, type SeahornFile, type SeahornSource } from './print.ts';
import { readSeahorn, type SeahornResult, type SeahornRun } from './read.ts';
import { assertedIn, usesOf, withOnly, type Asserted } from './scope.ts';
import { scopeOf } from './slice.ts';
import { Unprintable } from './unprintable.ts';

/** What one run of SeaHorn gave: its own words and the values of a violation, or why there are none. */
export type SeahornAnswer =
  | { readonly kind: 'ran'; readonly run: SeahornRun; /** Of the file that `--cex` names. */ readonly counterexample: string }
  | { readonly kind: 'time-out' | 'killed' | 'failed'; readonly detail: string };

/** What SeaHorn is asked: C made of the program as it is verified, or the program's own. */
export type AskedFile = Pick<SeahornFile, 'text' | 'events' | 'rounds' | 'complete' | 'lines' | 'guard'>;

/** Runs SeaHorn on a file. */
export type RunSeahorn = (file: AskedFile) => Promise<SeahornAnswer>;

export interface JudgeOptions {
  readonly run: RunSeahorn;
  /** Events that are looked at; when that takes too long, fewer. */
  readonly events?: number;
  /** Whether there is time for another run. */
  readonly mayRun?: () => boolean;
  /** The program's own C. It is asked first; what it does not settle is asked of C made of the compiled program. */
  readonly own?: Harness;
  /** Is told why something was asked of the compiled program that has its own C. */
  readonly onCompiled?: (why: string) => void;
}

/** One assertion: the same place in the source may stand in several handlers, and then must hold in all of them. */
interface Place {
  readonly property: string;
  readonly span: Span;
  readonly says: string;
  readonly asserted: readonly Asserted[];
}

type Result = Proved | Refuted | Unknown;

/** A file, and the events that values of its functions stand for. */
interface Printed {
  readonly file: AskedFile;
  readonly isEmpty: boolean;
  readonly events: (inputs: SeahornInputs) => readonly IrEvent[];
}

const DEFAULT_EVENTS = 5;
/** Of assertions that SeaHorn's compiler made one of. */
const NO_LINE = 0;

/** SeaHorn's verdict for each assertion and invariant of a program, in the order of the source. Each violation was replayed. */
export async function judgeWithSeahorn(translated: Translated, source: SeahornSource, options: JudgeOptions): Promise<readonly Verdict[]> {
  const program = withOwnNames(translated.program);
  const judge = new Judge({ ...translated, program }, source, options);
  return judge.all(placesOf(program));
}

function placesOf(program: IrProgram): readonly Place[] {
  const places = new Map<string, Place>();
  for (const one of assertedIn(program)) {
    const property = 'limit' in one ? 'loop-bound' : one.property;
    const key = `${property} ${one.span.start} ${one.span.end}`;
    const known = places.get(key);
    places.set(key, known ? { ...known, asserted: [...known.asserted, one] } : { property, span: one.span, says: saysOf(one), asserted: [one] });
  }
  return [...places.values()];
}

function saysOf(one: Asserted): string {
  return 'limit' in one ? `the loop ends within ${one.limit} rounds` : (one.says ?? '');
}

class Judge {
  readonly #translated: Translated;
  readonly #source: SeahornSource;
  readonly #options: JudgeOptions;
  readonly #known = new Map<Place, Result>();
  /** What the program's own C has not settled. */
  readonly #left = new Set<Place>();
  #own: Harness | undefined;

  constructor(translated: Translated, source: SeahornSource, options: JudgeOptions) {
    this.#translated = translated;
    this.#source = source;
    this.#options = options;
    this.#own = options.own;
  }

  async all(places: readonly Place[]): Promise<readonly Verdict[]> {
    for (const place of places) this.#unsupported(place);
    const events = this.#options.events ?? DEFAULT_EVENTS;
    for (let open = places; this.#own && (open = open.filter((place) => !this.#known.has(place) && !this.#left.has(place))).length > 0; ) await this.#ofOwn(onePerLine(open, this.#source), events);
    for (let open = places; (open = open.filter((place) => !this.#known.has(place))).length > 0; ) await this.#group(onePerLine(open, this.#source), events);
    const cut = places.filter((place) => place.property === 'loop-bound' && this.#known.get(place)?.kind !== 'proved');
    const judged = places.map((place): Verdict => {
      const result = this.#known.get(place) ?? unknown('incomplete', 'SeaHorn said nothing of it.');
      const { property, span, says } = place;
      return { property, span, says, result: result.kind === 'proved' ? this.#asFarAs(result, place, cut) : result };
    });
    const absent = this.#translated.unsupported.flatMap(({ only, span, what }): readonly Verdict[] => (only ? [{ ...only, span, result: unknown('unsupported', what) }] : []));
    return [...judged, ...absent].sort((a, b) => a.span.start - b.span.start);
  }

  /** What is not understood, but for single conditions that are told of by themselves. */
  get #strange(): Translated['unsupported'] {
    return this.#translated.unsupported.filter(({ only }) => only === undefined);
  }

  /** What has no meaning here cannot be judged. */
  #unsupported(place: Place): void {
    const { program } = this.#translated;
    const handlers = new Set(program.handlers.filter((handler) => usesOf(program, handler).asserted.some((one) => place.asserted.includes(one))).map(({ name }) => name));
    const what = this.#strange.filter(({ handler }) => handler === undefined || handlers.has(handler)).map((one) => one.what);
    if (what.length > 0) this.#known.set(place, unknown('unsupported', what.join('; ')));
  }

  /** A proof as far as it goes: for the rounds of loops that were looked at, and without what other handlers may do in unknown ways. */
  #asFarAs(result: Proved, place: Place, cut: readonly Place[]): Result {
    const { program } = this.#translated;
    const scope = scopeOf(program, new Set(place.asserted));
    const strange = this.#strange.find(({ handler }) => program.handlers.some(({ name }) => name === handler));
    if (scope.stateful && strange) return unknown('unsupported', `${strange.handler ?? ''} may write to its maps in unknown ways: ${strange.what}`);
    const loops = scope.handlers.flatMap((handler) => usesOf(program, handler).asserted).filter((one) => 'limit' in one && cut.some(({ asserted }) => asserted.includes(one)));
    return loops.length === 0 ? result : { ...result, rounds: Math.min(...loops.map((one) => ('limit' in one ? one.limit : Infinity))) };
  }

  /** The program's own C: what is proved, never reached, or refuted by a violation that was replayed counts. */
  async #ofOwn(group: readonly Place[], events: number): Promise<void> {
    const printed = this.#printedOwn(group, events);
    if (!printed || printed.isEmpty || this.#options.mayRun?.() === false) return this.#leave(group);
    const answer = await this.#options.run(printed.file);
    if (answer.kind !== 'ran') return this.#giveUp(answer.detail);
    const result = readSeahorn(answer.run);
    const beyond = result.lines.some(({ line, verdict }) => verdict === 'refuted' && line === printed.beyond);
    if (beyond) return this.#giveUp('its maps hold more than the model of them');
    if (result.verdict === 'refuted') {
      this.#refuted(group, printed, result, answer.counterexample, true);
      // The others are asked again, unless nothing came of this.
      if (!group.some((place) => this.#known.has(place))) this.#leave(group, 'SeaHorn’s violation is not one of the compiled program');
    } else if (result.verdict === 'proved' || result.reason === 'vacuous') this.#settled(group, printed.file, result);
    else this.#giveUp(result.message);
  }

  #leave(group: readonly Place[], why?: string): void {
    for (const place of group) this.#left.add(place);
    if (why !== undefined) this.#options.onCompiled?.(why);
  }

  #giveUp(why: string): void {
    this.#own = undefined;
    this.#options.onCompiled?.(why);
  }

  async #group(group: readonly Place[], events: number): Promise<void> {
    if (this.#options.mayRun?.() === false) return this.#all(group, unknown('time-out', 'There was no time left for SeaHorn.'));
    const printed = this.#printed(group, events);
    if (!printed) return group.length > 1 ? this.#oneByOne(group, events) : undefined;
    const { file } = printed;
    if (printed.isEmpty) return this.#all(group, unknown('vacuous', 'No event gets there.'));
    const answer = await this.#options.run(file);
    if (answer.kind === 'time-out') return this.#again(group, file, events, unknown('time-out', answer.detail));
    if (answer.kind !== 'ran') return this.#all(group, unknown(answer.kind === 'killed' ? 'killed' : 'crashed', answer.detail));
    const result = readSeahorn(answer.run);
    if (result.verdict === 'refuted') return this.#refuted(group, printed, result, answer.counterexample, false);
    if (result.verdict === 'proved' || result.reason === 'vacuous') return this.#settled(group, file, result);
    const why = unknown(result.reason === 'time' ? 'time-out' : result.reason === 'crash' || result.reason === 'compile' ? 'crashed' : result.reason === 'bound' ? 'bound' : 'incomplete', result.message);
    return result.reason === 'time' ? this.#again(group, file, events, why) : group.length > 1 ? this.#oneByOne(group, events) : this.#all(group, why);
  }

  #printed(group: readonly Place[], events: number): Printed | undefined {
    try {
      const file = printSeahorn(this.#translated.program, this.#source, { asserted: group.flatMap(({ asserted }) => asserted), events });
      return { file, isEmpty: file.handlers.length === 0, events: (inputs) => eventsOf(file, inputs) };
    } catch (error) {
      if (!(error instanceof Unprintable)) throw error;
      if (group.length === 1) this.#all(group, unknown('unsupported', `This has no C for SeaHorn: ${error.message}.`));
      return undefined;
    }
  }

  #printedOwn(group: readonly Place[], events: number): (Printed & { readonly beyond: number }) | undefined {
    const { program } = this.#translated;
    const asserted = group.flatMap((place) => place.asserted);
    const { handlers, stateful } = scopeOf(program, new Set(asserted));
    try {
      const file = this.#own && printHarness(this.#own, { asserted, handlers: handlers.map(({ name }) => name), stateful, events });
      return file && { file, beyond: file.beyond, isEmpty: file.handlers.length === 0, events: (inputs) => eventsOfHarness(file, inputs, (handler, read) => widthOfRead(program, handler, read)) };
    } catch (error) {
      if (!(error instanceof Unprintable)) throw error;
      this.#options.onCompiled?.(error.message);
      return undefined;
    }
  }

  #all(group: readonly Place[], result: Result): void {
    for (const place of group) this.#known.set(place, result);
  }

  /** Fewer assertions at once, then fewer events. */
  async #again(group: readonly Place[], file: AskedFile, events: number, why: Unknown): Promise<void> {
    if (group.length > 1) return this.#oneByOne(group, events);
    if (!file.complete && events > 2) return this.#group(group, events - 2);
    this.#all(group, { ...why, events: 0 });
  }

  async #oneByOne(group: readonly Place[], events: number): Promise<void> {
    for (const place of group) await this.#group([place], events);
  }

  #settled(group: readonly Place[], file: AskedFile, result: SeahornResult): void {
    for (const place of group) this.#known.set(place, this.#lineResult(place, file, result));
  }

  #lineResult(place: Place, file: AskedFile, { lines }: SeahornResult): Result {
    const verdictAt = (at: number): string | undefined => lines.find(({ line }) => line === at)?.verdict;
    if ((verdictAt(lineOf(place, file)) ?? verdictAt(NO_LINE)) === 'proved') return this.#proved(place, file);
    const { program } = this.#translated;
    const assumes = program.handlers.map((handler) => usesOf(program, handler)).some((uses) => uses.assumes && uses.asserted.some((one) => place.asserted.includes(one)));
    return assumes ? unknown('contradictory', 'What is assumed before it contradicts itself, or excludes it: nothing gets there.') : unknown('vacuous', 'No event gets there.');
  }

  /** Where maps do not matter one event stands for all. */
  #proved({ asserted }: Place, { events }: AskedFile): Proved {
    const { stateful } = scopeOf(this.#translated.program, new Set(asserted));
    return stateful ? { kind: 'proved', by: 'events', events, invariants: [] } : { kind: 'proved', by: 'always', invariants: [] };
  }

  /** One of the assertions that do not hold is the one that the values are for. The others are asked for again, with the rest. */
  #refuted(group: readonly Place[], { file, events: eventsIn }: Printed, result: SeahornResult, counterexample: string, isOwn: boolean): void {
    const wrong = new Set(result.lines.filter(({ verdict }) => verdict === 'refuted').map(({ line }) => line));
    const told = new Set(result.lines.map(({ line }) => line));
    const suspects = group.filter((place) => wrong.has(lineOf(place, file)) || (wrong.has(NO_LINE) && !told.has(lineOf(place, file))));
    const asserted = new Set(group.flatMap((place) => place.asserted));
    const program = withOnly(this.#translated.program, asserted);
    const events = settledEvents(program, eventsIn(readCounterexample(counterexample)));
    const [first = group[0]] = suspects;
    const shown = suspects.find((place) => this.#replayed(place, program, events));
    if (!shown && isOwn) return;
    if (!shown && first) this.#known.set(first, unknown('disagreement', 'SeaHorn says that it does not hold, but the program does not break it with the values that SeaHorn gives. Please report this program.'));
    for (const place of group) if (!suspects.includes(place)) this.#known.set(place, this.#lineResult(place, file, result));
  }

  #replayed(place: Place, program: IrProgram, events: readonly IrEvent[]): boolean {
    if (place.property === 'loop-bound') {
      if (interpret(program, events).ending.kind !== 'unbounded') return false;
      this.#known.set(place, unknown('bound', 'The loop goes on behind the rounds that are looked at.'));
      return true;
    }
    const counterexample = replay(program, events, place);
    if (counterexample) this.#known.set(place, { kind: 'refuted', counterexample });
    return counterexample !== undefined;
  }
}

/** What is read through addresses is known once the events ran. */
function settledEvents(program: IrProgram, events: readonly IrEvent[]): readonly IrEvent[] {
  interpret(program, events);
  return events.map(({ handler, reads }) => ({ handler, reads: new Map(reads) }));
}

function widthOfRead(program: IrProgram, name: string, read: string): number | undefined {
  const handler = program.handlers.find((one) => one.name === name);
  const width = handler && usesOf(program, handler).reads.get(read);
  return width === 'bool' ? 1 : width;
}

function unknown(reason: Unknown['reason'], detail: string): Unknown {
  return { kind: 'unknown', reason, detail };
}

function lineOf({ asserted }: Place, file: AskedFile): number {
  return [...file.lines].find(([, ones]) => asserted.some((one) => ones.includes(one)))?.[0] ?? 0;
}

/** SeaHorn tells of lines: of two assertions in one line the second waits. */
function onePerLine(places: readonly Place[], { text }: SeahornSource): readonly Place[] {
  const lines = new Map<number, Place>();
  for (const place of places) {
    const line = text.slice(0, place.span.start).split('\n').length;
    if (!lines.has(line)) lines.set(line, place);
  }
  return [...lines.values()];
}
