import { describe, expect, it } from 'vitest';
import { Evaluation, type Value } from '../terms/evaluate.ts';
import { Terms } from '../terms/terms.ts';
import { emptyState, Execution } from './execute.ts';
import { IrGenerator } from './generate.test-support.ts';
import { interpret, readName } from './interpret.ts';
import { apply, bits, not, type IrExpr, type IrProgram, type IrStmt } from './ir.ts';

const at = (start: number): { start: number; end: number } => ({ start, end: start + 1 });
const tid: IrExpr = { kind: 'read', name: 'tid', width: 32 };
const now: IrExpr = { kind: 'read', name: 'nsecs', width: 64 };
const start: IrExpr = { kind: 'entry', map: '@start', key: tid };
const variable = (name: string, width: number): IrExpr => ({ kind: 'variable', name, width });

/** Latency by thread, with or without a look whether the entry is there. */
function latency(checked: boolean): IrProgram {
  const leave: IrStmt[] = checked ? [{ kind: 'if', condition: not({ kind: 'present', map: '@start', key: tid }), then: [{ kind: 'leave', span: at(20) }], otherwise: [], span: at(20) }] : [];
  return {
    maps: [{ name: '@start', key: 32, value: 64 }],
    handlers: [
      { name: 'entry', span: at(0), body: [{ kind: 'put', map: '@start', key: tid, value: now, span: at(10) }] },
      {
        name: 'return',
        span: at(15),
        body: [
          ...leave,
          { kind: 'set', name: '$took', value: apply('sub', 64, now, start), span: at(30) },
          { kind: 'assert', condition: apply('ult', 'bool', variable('$took', 64), bits(10n ** 12n, 64)), property: 'contract', span: at(40) },
          { kind: 'remove', map: '@start', key: tid, span: at(50) },
        ],
      },
    ],
  };
}

describe('a program that runs on values', () => {
  const events = [
    { handler: 'entry', reads: new Map([['tid', 7n], ['nsecs', 1000n]]) },
    { handler: 'return', reads: new Map([['tid', 7n], ['nsecs', 1500n]]) },
  ];
  it('tells each step and what the maps hold', () => {
    const { ending, violations, steps, maps } = interpret(latency(false), events);
    expect([ending.kind, violations, steps.map(({ event, name, value }) => [event, name, value]), [...(maps.get('@start') ?? [])]]).toEqual(['done', [], [[0, '@start', 1000n], [1, '$took', 500n]], []]);
  });
  it('sees that a return without an entry is no short time', () => {
    const lost = [{ handler: 'return', reads: new Map([['tid', 7n], ['nsecs', 3n * 10n ** 12n]]) }];
    expect(interpret(latency(false), lost).violations).toEqual([{ event: 0, property: 'contract', span: at(40) }]);
    expect(interpret(latency(true), lost).violations).toEqual([]);
  });
});

describe('the same program on terms', () => {
  it('has the obligation, and inputs that belong to events', () => {
    const terms = new Terms();
    const program = latency(false);
    const run = new Execution(program, terms, emptyState(program, terms));
    for (const handler of program.handlers) run.handle(handler, terms.yes);
    expect(run.inputs.map(({ event, name }) => [event, name])).toEqual([[0, 'tid'], [0, 'nsecs'], [1, 'nsecs'], [1, 'tid']]);
    const [obligation] = run.obligations;
    const holds = (inputs: Record<string, bigint>): boolean => new Evaluation(new Map<string, Value>(Object.entries(inputs))).holds(obligation?.holds ?? terms.no);
    expect(holds({ '0: tid': 7n, '0: nsecs': 1000n, '1: tid': 7n, '1: nsecs': 1500n })).toBe(true);
    expect(holds({ '0: tid': 8n, '0: nsecs': 1000n, '1: tid': 7n, '1: nsecs': 3n * 10n ** 12n })).toBe(false);
  });
  it('a loop that goes on behind its limit is an obligation of its own', () => {
    const terms = new Terms();
    const count = variable('$i', 8);
    const program: IrProgram = { maps: [], handlers: [{ name: 'h', span: at(0), body: [{ kind: 'loop', condition: apply('ult', 'bool', count, { kind: 'read', name: 'n', width: 8 }), body: [{ kind: 'set', name: '$i', value: apply('add', 8, count, bits(1, 8)), span: at(2) }], limit: 4, span: at(1) }] }] };
    const run = new Execution(program, terms, new Map());
    run.handle(program.handlers[0] ?? { name: '', span: at(0), body: [] }, terms.yes);
    const inside = (n: bigint): boolean => {
      const values = new Evaluation(new Map([['0: n', n]]));
      return run.obligations.every(({ reached, holds }) => !values.holds(reached) || values.holds(holds));
    };
    expect([inside(4n), inside(5n)]).toEqual([true, false]);
    expect([4n, 5n].map((n) => interpret(program, [{ handler: 'h', reads: new Map([['n', n]]) }]).ending.kind)).toEqual(['done', 'unbounded']);
  });
});

it('both agree on random programs and inputs: what is violated, what is excluded, what the maps hold', () => {
  const random = new IrGenerator(11);
  let violated = 0;
  let invariants = 0;
  for (let n = 0; n < 400; n++) {
    const program = random.program();
    const events = random.events(program);
    const ran = interpret(program, events);
    const terms = new Terms();
    const run = new Execution(program, terms, emptyState(program, terms));
    for (const { handler } of events) run.handle(program.handlers.find(({ name }) => name === handler) ?? { name: '', span: at(0), body: [] }, terms.yes);
    const given = new Map<string, Value>();
    // An input that is read through an address has the value of that address, which depends on the inputs before it.
    for (const { event, name, term, of } of run.inputs) given.set(term.name ?? '', events[event]?.reads.get(readName(name, of && new Evaluation(given).of(of))) ?? 0n);
    const values = new Evaluation(given);
    const excluded = run.assumed.some((assumption) => !values.holds(assumption));
    expect([n, ran.ending.kind === 'excluded']).toEqual([n, excluded]);
    if (excluded) continue;
    // An invariant is violated when it is for some key.
    const keyed = [0n, 1n, 2n, 3n].map((key) => new Evaluation(new Map([...given, ...events.flatMap((_, event) => ['@a', '@b'].map((map): [string, Value] => [`${event}: key of ${map}`, key]))])));
    const broken = run.obligations.filter(({ reached, holds }) => keyed.some((at) => at.holds(reached) && !at.holds(holds))).map(({ event, property, span }) => ({ event, property, span }));
    expect([n, ran.violations]).toEqual([n, broken]);
    violated += broken.length;
    invariants += broken.filter(({ span }) => program.invariants?.some((invariant) => invariant.span.start === span.start)).length;
    for (const [name, map] of ran.maps) {
      const state = run.state.get(name);
      if (!state) throw new Error(name);
      const [at2, there] = [values.array(state.values), values.array(state.there)];
      for (let key = 0n; key < 4n; key++) expect([n, name, key, there.at.get(key) ?? there.rest, at2.at.get(key) ?? at2.rest]).toEqual([n, name, key, map.has(key) ? 1n : 0n, map.get(key) ?? 0n]);
    }
  }
  expect(violated).toBeGreaterThan(50);
  expect(invariants).toBeGreaterThan(50);
});
