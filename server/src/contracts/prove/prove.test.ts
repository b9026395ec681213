import { afterAll, describe, expect, it } from 'vitest';
import { Z3Solver } from '../../solver/z3.ts';
import type { Solver } from '../../solver/solver.ts';
import { apply, bits, not, truth, type IrExpr, type IrHandler, type IrMap, type IrProgram, type IrStmt } from '../ir/ir.ts';
import type { Translated, Verdict } from '../verdict.ts';
import { prove, type ProofCache, type ProveOptions } from './prove.ts';

const solver = new Z3Solver();
afterAll(() => solver.dispose());

let place = 0;
const span = (): { start: number; end: number } => ({ start: ++place, end: place + 1 });
const read = (name: string, width = 64, of?: IrExpr): IrExpr => ({ kind: 'read', name, width, ...(of && { of }) });
const variable = (name: string, width = 64): IrExpr => ({ kind: 'variable', name, width });
const tid = read('tid', 32);
const now = read('nsecs');
const entry = (map: string, key = tid): IrExpr => ({ kind: 'entry', map, key });
const present = (map: string, key = tid): IrExpr => ({ kind: 'present', map, key });
const put = (map: string, value: IrExpr, key = tid): IrStmt => ({ kind: 'put', map, key, value, span: span() });
const remove = (map: string): IrStmt => ({ kind: 'remove', map, key: tid, span: span() });
const set = (name: string, value: IrExpr): IrStmt => ({ kind: 'set', name, value, span: span() });
const assume = (condition: IrExpr): IrStmt => ({ kind: 'assume', condition, span: span() });
const claim = (property: string, condition: IrExpr): IrStmt => ({ kind: 'assert', condition, property, span: span(), says: property });
const unless = (condition: IrExpr): IrStmt => ({ kind: 'if', condition, then: [], otherwise: [{ kind: 'leave', span: span() }], span: span() });
const when = (condition: IrExpr, ...then: readonly IrStmt[]): IrStmt => ({ kind: 'if', condition, then, otherwise: [], span: span() });
const isNot0 = (value: IrExpr, width = 64): IrExpr => not(apply('eq', 'bool', value, bits(0, width)));
const atMost = (a: IrExpr, b: IrExpr): IrExpr => apply('ule', 'bool', a, b);
const map = (name: string, key = 32, value = 64): IrMap => ({ name, key, value });
const on = (name: string, ...body: readonly IrStmt[]): IrHandler => ({ name, span: span(), body });
const program = (maps: readonly IrMap[], ...handlers: readonly IrHandler[]): IrProgram => ({ maps, handlers, clocks: ['nsecs'] });
const translated = (of: IrProgram, unsupported: Translated['unsupported'] = []): Translated => ({ program: of, unsupported, assumptions: [] });

const verdicts = (of: IrProgram, options: ProveOptions = {}, with_: Solver = solver): Promise<readonly Verdict[]> => prove(translated(of), with_, options);
/** `absent-entry: proved always`, `underflow: unknown bound`. */
const said = (all: readonly Verdict[]): string[] => all.map(({ property, result }) => `${property}: ${result.kind}${result.kind === 'proved' ? ` ${result.by}${result.rounds === undefined ? '' : ` ${result.rounds} rounds`}` : result.kind === 'unknown' ? ` ${result.reason}` : ` ${result.counterexample.events.map(({ handler }) => handler).join(', ')}`}`);
const results = async (of: IrProgram, options?: ProveOptions): Promise<string[]> => said(await verdicts(of, options));

const stamped = (...rest: readonly IrStmt[]): IrProgram =>
  program([map('@start')], on('entry', put('@start', now)), on('return', ...rest, claim('absent-entry', present('@start')), claim('underflow', atMost(entry('@start'), now)), remove('@start')));

describe('a latency', () => {
  it('is not checked for lost entries', async () => {
    expect(await results(stamped())).toEqual(['absent-entry: refuted return', 'underflow: proved induction']);
  });
  it('with a look whether there is one', async () => {
    expect(await results(stamped(unless(isNot0(entry('@start')))))).toEqual(['absent-entry: proved always', 'underflow: proved induction']);
  });
  it('rests on what is said in words', async () => {
    const [, underflow] = await verdicts(stamped(unless(present('@start'))));
    expect(underflow?.result).toEqual({ kind: 'proved', by: 'induction', invariants: ['@start[…] <= nsecs'] });
  });
  it('of a stamp that another probe overwrites', async () => {
    const broken = program([map('@start')], on('entry', put('@start', now)), on('size', put('@start', read('len'))), on('return', unless(isNot0(entry('@start'))), claim('underflow', atMost(entry('@start'), now))));
    expect(await results(broken)).toEqual(['underflow: refuted size, return']);
  });
});

describe('what runs first', () => {
  const first = (...body: readonly IrStmt[]): IrHandler => ({ ...on('BEGIN', ...body), first: true });
  const at = bits(0, 32);
  const limit = entry('@limit', at);
  it('is known afterwards when nobody else writes it', async () => {
    const limited = (asserted: bigint): IrProgram => program([map('@limit')], first(put('@limit', bits(10, 64), at)), on('read', unless(apply('ult', 'bool', limit, read('count'))), claim('contract', apply('ult', 'bool', bits(asserted, 64), read('count')))));
    expect(await results(limited(9n))).toEqual(['contract: proved always']);
    expect(await results(limited(11n))).toEqual(['contract: refuted BEGIN, read']);
  });
  it('is where all others begin', async () => {
    const last = (...more: readonly IrHandler[]): IrProgram => program([map('@last')], first(put('@last', now, at)), on('read', claim('absent-entry', present('@last', at)), claim('underflow', atMost(entry('@last', at), now)), put('@last', now, at)), ...more);
    expect((await results(last()))[1]).toBe('underflow: proved induction');
    expect(await results(last(on('close', { kind: 'remove', map: '@last', key: at, span: span() })))).toContain('absent-entry: refuted BEGIN, close, read');
  });
  it('finds empty maps', async () => {
    const begun = program([map('@n')], first(claim('absent-entry', present('@n', at)), put('@n', bits(1, 64), at)), on('read', put('@n', bits(2, 64), at)));
    expect(await results(begun)).toEqual(['absent-entry: refuted BEGIN']);
    expect(await results(program([map('@n')], first(claim('empty', not(present('@n', at)))), on('read', put('@n', bits(2, 64), at))))).toEqual(['empty: proved always']);
  });
  it('leaves unknown what rests on it when it is not understood', async () => {
    const begun = program([map('@n')], first(put('@n', bits(1, 64), at)), on('read', claim('absent-entry', present('@n', at))));
    expect(said(await prove(translated(begun, [{ handler: 'BEGIN', span: span(), what: 'for' }]), solver))).toEqual(['absent-entry: unknown unsupported']);
  });
});

describe('several maps', () => {
  const both = (...first: readonly IrStmt[]): IrProgram =>
    program([map('@at'), map('@size')], on('entry', ...first, put('@size', read('len'))), on('return', unless(present('@size')), claim('absent-entry', present('@at')), remove('@at'), remove('@size')), on('exit', remove('@size')));
  it('written together hold entries together', async () => {
    expect(await results(both(put('@at', now)))).toEqual(['absent-entry: proved induction']);
  });
  it('not written together do not', async () => {
    expect(await results(both(when(isNot0(read('flag')), put('@at', now))))).toEqual(['absent-entry: refuted entry, return']);
  });
  it('in groups of their own are proved apart', async () => {
    const two = program([map('@a'), map('@b')], on('one', put('@a', now), claim('one', truth(true))), on('two', put('@b', bits(1, 64)), claim('two', apply('ule', 'bool', entry('@b'), bits(1, 64)))));
    expect(await results(two)).toEqual(['one: proved always', 'two: proved always']);
  });
});

describe('counters', () => {
  const inFlight = (...guard: readonly IrStmt[]): IrProgram =>
    program([map('@n')], on('issue', put('@n', apply('add', 64, entry('@n'), bits(1, 64)))), on('done', ...guard, claim('underflow', atMost(bits(1, 64), entry('@n'))), put('@n', apply('sub', 64, entry('@n'), bits(1, 64)))));
  it('go below 0 when an end has no beginning', async () => {
    expect(await results(inFlight())).toEqual(['underflow: refuted done']);
    expect(await results(inFlight(when(not(isNot0(entry('@n'))), { kind: 'leave', span: span() })))).toEqual(['underflow: proved always']);
  });
  it('reach a limit after as many events', async () => {
    const counted = (limit: number): IrProgram => program([map('@n')], on('tick', put('@n', apply('add', 64, entry('@n'), bits(1, 64))), claim('limit', atMost(entry('@n'), bits(limit, 64)))));
    const [verdict] = await verdicts(counted(3));
    expect(said(verdict ? [verdict] : [])).toEqual(['limit: refuted tick, tick, tick, tick']);
    expect(verdict?.result.kind === 'refuted' && new Set(verdict.result.counterexample.events.map(({ inputs }) => inputs.find(({ name }) => name === 'tid')?.value)).size).toBe(1);
    const [far] = await verdicts(counted(100));
    expect(far?.result.kind === 'refuted' && far.result.counterexample.events.length).toBe(101);
    expect(await verdicts(counted(1_000))).toMatchObject([{ result: { kind: 'unknown', reason: 'bound', events: 5 } }]);
  });
});

describe('invariants of the user', () => {
  const invariant = (condition: IrExpr, handler: IrHandler): IrProgram => ({ ...program([map('@n'), map('@m')], handler), invariants: [{ map: '@n', condition, property: 'contract', span: span(), says: '@n is small' }] });
  it('are proved when every event keeps them', async () => {
    const small = atMost(variable('value'), bits(7, 64));
    expect(await results(invariant(small, on('h', put('@n', apply('and', 64, read('x'), bits(7, 64))))))).toEqual(['contract: proved induction']);
    expect(await results(invariant(small, on('h', put('@n', read('x')))))).toEqual(['contract: refuted h']);
  });
  it('hold between events, not within', async () => {
    const together = invariant(apply('eq', 'bool', variable('value'), { kind: 'entry', map: '@m', key: variable('key', 32) }), on('h', put('@n', read('x')), put('@m', read('x'))));
    expect(await results(together)).toEqual(['contract: proved induction']);
  });
});

describe('what is no proof', () => {
  const alone = (...body: readonly IrStmt[]): IrProgram => program([map('@never'), map('@n')], on('h', ...body));
  it('vacuous: nothing gets there', async () => {
    expect(await results(alone(when(present('@never'), claim('contract', truth(false)))))).toEqual(['contract: unknown vacuous']);
    expect(await results(alone(unless(atMost(read('x'), bits(3, 64))), when(atMost(bits(4, 64), read('x')), claim('contract', truth(true)))))).toEqual(['contract: unknown vacuous']);
    expect(await results(alone({ kind: 'leave', span: span() }, claim('contract', truth(false))))).toEqual(['contract: unknown vacuous']);
  });
  it('contradictory: what is assumed cannot be', async () => {
    expect(await results(alone(assume(atMost(read('x'), bits(3, 64))), assume(atMost(bits(4, 64), read('x'))), claim('contract', truth(true))))).toEqual(['contract: unknown contradictory']);
  });
  it('a loop that may go on says so', async () => {
    const loop = (limit: number): IrProgram => alone(set('$sum', bits(0, 64)), { kind: 'loop', condition: apply('ult', 'bool', variable('$i'), bits(5, 64)), limit, span: span(), body: [set('$i', apply('add', 64, variable('$i'), bits(1, 64)))] }, claim('contract', atMost(variable('$i'), bits(5, 64))));
    expect(await results(loop(6))).toEqual(['contract: proved always']);
    expect(await results(loop(3))).toEqual(['loop-bound: unknown bound', 'contract: unknown bound']);
    const open = alone({ kind: 'loop', condition: apply('ult', 'bool', variable('$i'), read('n')), limit: 3, span: span(), body: [set('$i', apply('add', 64, variable('$i'), bits(1, 64)))] }, claim('contract', atMost(variable('$i'), read('n'))));
    expect(await results(open)).toEqual(['loop-bound: unknown bound', 'contract: proved always 3 rounds']);
  });
  it('a handler that is not understood, and what shares maps with it', async () => {
    const shared = program([map('@n')], on('odd', put('@n', bits(1, 64)), claim('own', truth(true))), on('even', put('@n', bits(1, 64)), claim('always', isNot0(entry('@n')))), on('last', claim('shared', atMost(entry('@n'), bits(1, 64)))));
    const unsupported = [{ span: span(), handler: 'odd', what: 'strings are not compared' }];
    const all = await prove(translated(shared, unsupported), solver);
    expect(said(all)).toEqual(['own: unknown unsupported', 'always: proved always', 'shared: unknown unsupported']);
    expect(all.map(({ result }) => result.kind === 'unknown' && result.detail)).toEqual(['strings are not compared', false, '@n is written by a probe that is not understood: strings are not compared']);
  });
  it('a question that takes too long', async () => {
    const factors = alone(assume(atMost(bits(2, 64), read('a'))), assume(atMost(bits(2, 64), read('b'))), assume(atMost(read('a'), bits(1n << 32n, 64))), assume(atMost(read('b'), bits(1n << 32n, 64))), claim('contract', not(apply('eq', 'bool', apply('mul', 64, read('a'), read('b')), bits(2_147_483_629n * 4_294_967_291n, 64)))));
    expect(await results(factors, { timeoutMs: 30 })).toEqual(['contract: unknown time-out']);
  });
  it('cancelled', async () => {
    expect(await results(stamped(unless(present('@start'))), { signal: AbortSignal.abort() })).toEqual(['absent-entry: unknown killed', 'underflow: unknown killed']);
  });
  it('a solver that dies', async () => {
    // Less memory than Z3 needs to begin with.
    const dying = new Z3Solver({ memoryMb: 1 });
    expect(await verdicts(stamped(unless(present('@start'))), {}, dying)).toMatchObject([{ result: { kind: 'proved', by: 'always' } }, { result: { kind: 'unknown', reason: 'crashed', detail: 'the solver gave no answer' } }]);
    await dying.dispose();
  });
});

describe('what was proved before', () => {
  const counted = (): { readonly solver: Solver; asked: number } => {
    const counter = { asked: 0, solver: { solve: (...args: Parameters<Solver['solve']>) => ((counter.asked += 1), solver.solve(...args)), dispose: () => Promise.resolve() } };
    return counter;
  };
  it('is not proved again wherever it stands, and what was touched is', async () => {
    const cache: ProofCache = new Map();
    const both = (limit: number): IrProgram => {
      const first = stamped(unless(present('@start')));
      const second = program([map('@n')], on('tick', put('@n', apply('and', 64, read('x'), bits(limit, 64)), bits(0, 32)), claim('limit', atMost(entry('@n', bits(0, 32)), bits(7, 64)))));
      return { ...first, maps: [...first.maps, ...second.maps], handlers: [...first.handlers, ...second.handlers] };
    };
    const [before, again, changed] = [counted(), counted(), counted()];
    const one = await verdicts(both(7), { cache }, before.solver);
    const second = both(7);
    const two = await verdicts(second, { cache }, again.solver);
    expect([said(two), again.asked]).toEqual([said(one), 0]);
    expect(two.map(({ span: at }) => at)).toEqual(second.handlers.flatMap(({ body }) => body.flatMap((statement) => (statement.kind === 'assert' ? [statement.span] : []))));
    expect(said(await verdicts(both(15), { cache }, changed.solver)).at(-1)).toMatch(/refuted tick/);
    expect(changed.asked).toBeLessThan(before.asked);
  });
  it('a counterexample is told where the program stands now', async () => {
    const cache: ProofCache = new Map();
    await verdicts(stamped(), { cache });
    const later = stamped();
    const [absent] = await verdicts(later, { cache });
    expect(absent?.result.kind === 'refuted' && absent.result.counterexample.events.map(({ span: at }) => at)).toEqual([later.handlers[1]?.span]);
  });
});

it('a place that is not understood is unknown, and the rest of its handler is not', async () => {
  const only = { span: span(), handler: 'return', what: 'of an address', only: { property: 'network-order', says: '$a is printed' } } as const;
  expect(said(await prove(translated(stamped(unless(present('@start'))), [only]), solver))).toEqual(['network-order: unknown unsupported', 'absent-entry: proved always', 'underflow: proved induction']);
});

it('a counterexample reads as the source does, with simple values', async () => {
  const dport = read('sk->skc_dport', 16, read('sk'));
  const ports: IrProgram = {
    ...program([], on('connect', set('$dport', apply('concat', 16, { kind: 'apply', op: 'extract', width: 8, low: 8, args: [dport] }, { kind: 'apply', op: 'extract', width: 8, low: 0, args: [dport] })), unless(apply('eq', 'bool', read('family', 16), bits(2, 16))), claim('contract', not(apply('eq', 'bool', variable('$dport', 16), bits(0x5000, 16)))))),
    shown: new Map([['sk->skc_dport', { base: 16 }], ['family', { names: new Map([[2n, 'AF_INET'], [10n, 'AF_INET6']]) }]]),
  };
  const [verdict] = await verdicts(ports);
  if (verdict?.result.kind !== 'refuted') throw new Error('refuted');
  const [event] = verdict.result.counterexample.events;
  expect(event?.inputs.map(({ name, text }) => `${name} = ${text}`)).toEqual(['sk = 0', 'sk->skc_dport = 0x5000', 'family = AF_INET']);
  expect(event?.steps.map(({ name, text }) => `${name} ${text}`)).toEqual(['$dport 20480', ' true', ' false']);
});
