import { CLOCK_BITS, CLOCK_END, type IrHandler, type IrInvariant, type IrProgram, type Width } from '../ir/ir.ts';
import { condition, named } from './expression.ts';
import { Helpers } from './helpers.ts';
import { Names } from './names.ts';
import { throughOf, usesOf, usesOfInvariant, type Asserted, type Through } from './scope.ts';
import { scopeOf } from './slice.ts';
import { StatementPrinter, type PrintContext } from './statements.ts';
import { mapLog, mapMacros, readMacros, readTable } from './tables.ts';
import { cut, typeOf, WORD, wordWidths } from './words.ts';

/** The source a program was made of. */
export interface SeahornSource {
  /** Its name, as `#line` tells it. */
  readonly file: string;
  readonly text: string;
}

export interface SeahornOptions {
  /** What is asserted in this file, of what `assertedIn` gives. */
  readonly asserted: readonly Asserted[];
  /** Events that are looked at where what they leave in maps matters. */
  readonly events: number;
}

/** An input as C has it: the functions that give its words, the lowest first. */
export interface SeahornInput {
  readonly name: string;
  readonly functions: readonly string[];
  readonly width: number;
}

/** What an event of a handler reads: what is read through addresses comes when it is asked for. */
export interface SeahornHandler {
  readonly handler: IrHandler;
  readonly reads: readonly SeahornInput[];
  readonly through: readonly SeahornInput[];
}

/** A file for SeaHorn, and how to read what it says of it. */
export interface SeahornFile {
  readonly text: string;
  readonly events: number;
  /** Rounds of the longest loop there: SeaHorn must not unroll fewer. */
  readonly rounds: number;
  /** Whether one event stands for all: then what is proved holds always. */
  readonly complete: boolean;
  /** By the number that `nd_event` gives, from 1. */
  readonly handlers: readonly SeahornHandler[];
  readonly invariants: readonly { readonly invariant: IrInvariant; readonly key: SeahornInput }[];
  /** Read in each event, also in those that are none. */
  readonly clocks: readonly SeahornInput[];
  /** Line from 1 → what is asserted there. */
  readonly lines: ReadonlyMap<number, readonly Asserted[]>;
  /** The line of an assertion that always holds, and that no compiler sees to hold. */
  readonly guard: number;
}

/**
 * A program as one C function: up to a number of events, each of any handler, on maps that are empty in the beginning. Only the last event is judged:
 * an earlier one that breaks an assertion is the last one of a shorter sequence, and earlier events may be none. There are no pointers and no
 * global variables, so that nothing is left to SeaHorn's memory model. Throws Unprintable.
 */
export function printSeahorn(program: IrProgram, source: SeahornSource, options: SeahornOptions): SeahornFile {
  const asserted = new Set(options.asserted);
  const scope = scopeOf(program, asserted);
  const numbers = new LineNumbers(source);
  const names = new Names();
  const helpers = new Helpers();
  const through = throughOf(program, scope.handlers);
  const context: PrintContext = { program, names, helpers, asserted, through, line: (start) => `#line ${numbers.of(start)} ${JSON.stringify(source.file)}` };
  const firsts = scope.stateful ? scope.handlers.filter(({ first }) => first).length : 0;
  const events = scope.stateful ? firsts + Math.max(1, options.events) : 1;
  // Those that run first are the first cases.
  const ordered = [...scope.handlers.filter(({ first }) => first), ...scope.handlers.filter(({ first }) => !first)];
  const handlers = ordered.map((handler) => printHandler(handler, context, names));
  const invariants = (program.invariants ?? []).filter((one) => asserted.has(one)).map((one) => printInvariant(one, context));
  const clocks = clocksOf(program, scope.handlers, invariants);
  const guard = numbers.count + 1;
  const text = [...opening(source), ...body({ program, names, helpers, handlers, through, invariants, clocks, events, firsts, guard })].join('\n');
  const lines = new Map<number, Asserted[]>();
  for (const one of options.asserted) lines.set(numbers.of(one.span.start), [...(lines.get(numbers.of(one.span.start)) ?? []), one]);
  const rounds = Math.max(events, ...handlers.flatMap(({ slots }) => [...slots.values()].map((count) => count * events)), ...scope.handlers.flatMap((handler) => usesOf(program, handler).asserted).map((one) => ('limit' in one ? one.limit : 0)));
  return { text: `${text}\n`, events, rounds, complete: !scope.stateful, handlers, invariants, clocks: clocks.map((name) => inputOf(names, 'read', name, CLOCK_BITS)), lines, guard };
}

/** Clocks that are looked at. */
function clocksOf(program: IrProgram, handlers: readonly IrHandler[], invariants: readonly PrintedInvariant[]): readonly string[] {
  const uses = [...handlers.map((handler) => usesOf(program, handler)), ...invariants.map(({ invariant }) => usesOfInvariant(program, invariant))];
  return (program.clocks ?? []).filter((clock) => uses.some(({ reads }) => reads.has(clock)));
}

class LineNumbers {
  readonly #starts: readonly number[];

  constructor({ text }: SeahornSource) {
    this.#starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  get count(): number {
    return this.#starts.length;
  }

  /** From 1. */
  of(offset: number): number {
    const after = this.#starts.findIndex((start) => start > offset);
    return after < 0 ? this.#starts.length : after;
  }
}

interface PrintedHandler extends SeahornHandler {
  readonly lines: readonly string[];
  readonly slots: ReadonlyMap<string, number>;
  readonly leaves: boolean;
  readonly widths: ReadonlyMap<string, Width>;
}

function inputOf(names: Names, kind: string, name: string, width: Width): SeahornInput {
  const bits = width === 'bool' ? 1 : width;
  return { name, width: bits, functions: named(`nd_${names.of(kind, name)}`, bits).map(({ text }) => text) };
}

function printHandler(handler: IrHandler, context: PrintContext, names: Names): PrintedHandler {
  const { program } = context;
  const uses = usesOf(program, handler);
  const printer = new StatementPrinter(context);
  const lines = printer.print(handler.body);
  const own = [...uses.reads].filter(([name]) => program.clocks?.includes(name) !== true);
  const reads = own.map(([name, width]) => inputOf(names, 'read', name, width));
  const through = [...uses.through].map(([name, { width }]) => inputOf(names, 'read through', name, width));
  const taken = own.flatMap(([name, width]) => taking(name, width, names).map((line) => `  ${line}`));
  const variables = [...uses.variables].flatMap(([name, width]) => named(names.of('variable', name), width === 'bool' ? 1 : width).map((word) => `      ${width === 'bool' ? 'bool' : typeOf(word.width)} ${word.text} = 0;`));
  return { handler, reads, through, lines: [...taken, ...variables, ...lines], slots: printer.slots, leaves: printer.leaves, widths: uses.reads };
}

/** Takes an input in the beginning of an event. */
function taking(name: string, width: Width, names: Names): readonly string[] {
  return named(names.of('read', name), width === 'bool' ? 1 : width).map((word) => `    const ${width === 'bool' ? 'bool' : typeOf(word.width)} ${word.text} = ${callOf(`nd_${word.text}`, width === 'bool' ? 'bool' : word.width)};`);
}

/** A clock is above 0, below its end and does not go back, whichever event it is. */
function ticking(clock: string, names: Names): readonly string[] {
  const c = names.of('read', clock);
  return [...taking(clock, CLOCK_BITS, names), `    assume(${c} > 0 && ${c} < 0x${CLOCK_END.toString(16)}u && ${c} >= ${c}__last);`, `    ${c}__last = ${c};`];
}

function callOf(nd: string, width: Width): string {
  return width === 'bool' || [8, 16, 32, 64].includes(width) ? `${nd}()` : cut(`${nd}()`, width);
}

interface PrintedInvariant {
  readonly invariant: IrInvariant;
  readonly key: SeahornInput;
  readonly lines: readonly string[];
}

/** For any entry: a key that nothing is known of stands for all. */
function printInvariant(invariant: IrInvariant, context: PrintContext): PrintedInvariant {
  const { program, names, helpers } = context;
  const map = program.maps.find(({ name }) => name === invariant.map);
  if (!map) throw new TypeError(`there is no map ${invariant.map}`);
  const c = names.of('map', map.name);
  const of: Readonly<Record<string, string>> = { key: `${c}__some_key`, value: `${c}__some_value` };
  const test = condition(invariant.condition, { program, names, helpers, variable: (name) => of[name], site: () => '0', address: () => WORD });
  const keys = named(`${c}__some_key`, map.key);
  const args = keys.map(({ text }) => text).join(', ');
  const key: SeahornInput = { name: map.name, width: map.key, functions: named(`nd_some_${c}_key`, map.key).map(({ text }) => text) };
  return {
    invariant,
    key,
    lines: [
      '    if (last) {',
      ...keys.map(({ text, width }, n) => `      const ${typeOf(width)} ${text} = ${callOf(key.functions[n] ?? '', width)};`),
      `      if (${c}__present(${args})) {`,
      ...named(`${c}__some_value`, map.value).map(({ text, width }, n) => `        const ${typeOf(width)} ${text} = ${named(`${c}__value`, map.value)[n]?.text ?? ''}(${args});`),
      context.line(invariant.span.start),
      `        sassert(${test});`,
      '      }',
      '    }',
    ],
  };
}

function opening({ file }: SeahornSource): readonly string[] {
  return [
    `/* ${inComment(file)} for SeaHorn: its probes as events in any order, its maps as logs of their writes. */`,
    '#include "seahorn/seahorn.h"',
    '#include <stdbool.h>',
    '#include <stdint.h>',
    '#pragma clang diagnostic ignored "-Wunused-variable"',
    '#pragma clang diagnostic ignored "-Wunused-but-set-variable"',
    '#pragma clang diagnostic ignored "-Wunused-value"',
    '#pragma clang diagnostic ignored "-Wtautological-compare"',
    '#pragma clang diagnostic ignored "-Wself-assign"',
    '#ifndef UNROLL',
    '#define UNROLL _Pragma("clang loop unroll(full)")',
    '#endif',
    'enum { NOTHING, PUT, REMOVED, CLEARED };',
    '',
  ];
}

/** A text that neither begins nor ends a comment. */
function inComment(text: string): string {
  return text.replace(/(?<=\/)\*|\*(?=\/)/g, ' * ').replace(/\s+/g, ' ');
}

interface Whole {
  readonly program: IrProgram;
  readonly names: Names;
  readonly helpers: Helpers;
  readonly handlers: readonly PrintedHandler[];
  readonly invariants: readonly PrintedInvariant[];
  readonly through: ReadonlyMap<string, Through>;
  readonly clocks: readonly string[];
  readonly events: number;
  /** How many of the handlers run before all others, in their order. */
  readonly firsts: number;
  readonly guard: number;
}

function body(whole: Whole): readonly string[] {
  const { names, helpers, handlers, through, invariants, events, firsts, guard, clocks } = whole;
  const slots = (of: string): number => Math.max(1, ...handlers.map((one) => one.slots.get(of) ?? 0));
  const maps = usedMaps(whole);
  const tables = [...through].map(([name, read]) => ({ c: names.of('read through', name), read, slots: slots(`read ${name}`), nd: inputOf(names, 'read through', name, read.width).functions.map((nd, n) => callOf(nd, wordOf(read.width, n))) }));
  return [
    ...declarations(whole),
    ...helpers.lines(),
    ...maps.flatMap((map) => mapMacros(names.of('map', map.name), map, events * slots(map.name), slots(map.name))),
    ...tables.flatMap(({ c, read, slots: count, nd }) => readMacros(c, read, count, nd)),
    '',
    'int main(void) {',
    ...maps.flatMap((map) => [`  /* what was written to ${inComment(map.name)} */`, ...mapLog(names.of('map', map.name), map, events * slots(map.name))]),
    ...clocks.map((clock) => `  uint64_t ${names.of('read', clock)}__last = 0;`),
    '  /* SeaHorn does not judge a program whose assertions all hold in the eyes of its compiler: it does not see this one. */',
    '  const uint8_t any = nd_any();',
    `#line ${guard} "guard"`,
    '  sassert((any * (any + 1) & 1) == 0);',
    '  UNROLL',
    `  for (unsigned event = 0; event < ${events}; event++) {`,
    `    const bool last = event == ${events - 1};`,
    ...clocks.flatMap((clock) => ticking(clock, names)),
    ...tables.flatMap(({ c, read, slots: count }) => readTable(c, read, count)),
    ...(firsts > 0 ? ['    const uint8_t chosen = nd_event();', `    assume(event < ${firsts} ? chosen == event + 1 : chosen > ${firsts} || chosen == 0);`, '    switch (chosen) {'] : ['    switch (nd_event()) {']),
    ...handlers.flatMap(({ handler, lines }, n) => [`    case ${n + 1}: { /* ${inComment(handler.name)} */`, ...(n < firsts ? ['      /* no other event is behind this one that could be the last */', '      const bool last = true;', '      (void)last;'] : []), ...lines, '      break;', '    }']),
    '    default: /* no event */',
    '      assume(!last);',
    '    }',
    ...(handlers.some(({ leaves }) => leaves) ? ['  event_done:;'] : []),
    ...invariants.flatMap(({ lines }) => lines),
    '  }',
    '  return 0;',
    '}',
  ];
}

/** One function for each input, and for the choice of events. */
function declarations({ handlers, invariants, through, clocks, names }: Whole): readonly string[] {
  const functions = new Map<string, string>([['nd_any', 'uint8_t'], ['nd_event', 'uint8_t']]);
  const declare = (input: SeahornInput, width: Width): void => {
    for (const [n, name] of input.functions.entries()) functions.set(name, width === 'bool' ? 'bool' : typeOf(Number(wordOf(width, n))));
  };
  for (const { reads, widths } of handlers) for (const read of reads) declare(read, widths.get(read.name) ?? read.width);
  for (const [name, { width }] of through) declare(inputOf(names, 'read through', name, width), width);
  for (const clock of clocks) declare(inputOf(names, 'read', clock, CLOCK_BITS), CLOCK_BITS);
  for (const { key } of invariants) declare(key, key.width);
  return [...functions].map(([name, type]) => `extern ${type} ${name}(void);`);
}

function wordOf(width: Width, n: number): Width {
  return width === 'bool' ? width : (wordWidths(width)[n] ?? WORD);
}

function usedMaps({ program, handlers, invariants }: Whole): IrProgram['maps'] {
  const used = new Set([...handlers.flatMap(({ handler }) => [...usesOf(program, handler).looked, ...usesOf(program, handler).written]), ...invariants.flatMap(({ invariant }) => [...usesOfInvariant(program, invariant).looked])]);
  return program.maps.filter(({ name }) => used.has(name));
}
