import { describe, expect, it } from 'vitest';
import { apply, bits, not, type IrExpr, type IrProgram, type IrStmt } from '../ir/ir.ts';
import type { Translated, Verdict } from '../verdict.ts';
import { judgeWithSeahorn, type AskedFile, type SeahornAnswer } from './judge.ts';

const SOURCE = { file: 'latency.bt', text: '\n'.repeat(100) };
const at = (start: number): { start: number; end: number } => ({ start, end: start + 1 });
const tid: IrExpr = { kind: 'read', name: 'tid', width: 32 };
const now: IrExpr = { kind: 'read', name: 'nsecs', width: 64 };
const there: IrExpr = { kind: 'present', map: '@start', key: tid };
const fresh: IrStmt = { kind: 'assert', condition: there, property: 'absent-entry', span: at(30) };
const small: IrStmt = { kind: 'assert', condition: apply('ult', 'bool', tid, bits(100, 32)), property: 'contract', span: at(10), says: 'tid < 100' };

/** Latency by thread, with or without a look whether there is an entry. */
function latency(checked: boolean, ...more: readonly IrStmt[]): IrProgram {
  const leave: IrStmt = { kind: 'if', condition: not(there), then: [{ kind: 'leave', span: at(20) }], otherwise: [], span: at(20) };
  return {
    maps: [{ name: '@start', key: 32, value: 64 }],
    clocks: ['nsecs'],
    handlers: [
      { name: 'entry', span: at(0), body: [...more, { kind: 'put', map: '@start', key: tid, value: now, span: at(12) }] },
      { name: 'return', span: at(15), body: [...(checked ? [leave] : []), fresh, { kind: 'remove', map: '@start', key: tid, span: at(50) }] },
    ],
  };
}

const translated = (program: IrProgram, unsupported: Translated['unsupported'] = []): Translated => ({ program, unsupported, assumptions: [] });
const said = (answer: Partial<Extract<SeahornAnswer, { kind: 'ran' }>['run']>, counterexample = ''): SeahornAnswer => ({ kind: 'ran', run: { stdout: '', stderr: '', exitCode: 0, ...answer }, counterexample });
const passed = (file: AskedFile, ...lines: readonly number[]): string => [...lines, file.guard].map((line) => `Info: vacuity passed (sat) latency.bt:${line}]\nInfo: assertion passed (unsat) latency.bt:${line}]\n`).join('');
const failed = (line: number): string => `Info: vacuity passed (sat) latency.bt:${line}]\nError: assertion failed (sat) latency.bt:${line}]\n`;
const proved = (file: AskedFile, ...lines: readonly number[]): SeahornAnswer => said({ stdout: 'unsat\n', stderr: passed(file, ...lines) });

/** A harness as SeaHorn writes it, for functions of 64 bits. */
function harness(values: Readonly<Record<string, readonly number[]>>): string {
  return Object.entries(values).map(([name, all], n) => `@${n} = private constant [${all.length} x i64] [${all.map((value) => `i64 ${value}`).join(', ')}]\n\ndefine i64 @${name}() {\nentry:\n  %2 = call i64 @__seahorn_get_value_i64(i32 %0, i64* getelementptr inbounds ([${all.length} x i64], [${all.length} x i64]* @${n}, i32 0, i32 0), i32 ${all.length})\n  ret i64 %2\n}\n`).join('');
}

const brief = (verdicts: readonly Verdict[]): string[] => verdicts.map(({ property, result }) => `${property}: ${result.kind}${result.kind === 'proved' ? ` ${result.by}${result.events === undefined ? '' : ` ${result.events}`}` : result.kind === 'unknown' ? ` ${result.reason}` : ''}`);

async function judged(program: Translated, answers: (file: AskedFile, run: number) => SeahornAnswer): Promise<{ verdicts: readonly Verdict[]; files: AskedFile[] }> {
  const files: AskedFile[] = [];
  const verdicts = await judgeWithSeahorn(program, SOURCE, { run: (file) => Promise.resolve(answers(file, files.push(file) - 1)) });
  return { verdicts, files };
}

describe('what SeaHorn says becomes verdicts', () => {
  it('a proof is one of the events that were looked at; without maps it holds always', async () => {
    expect(brief((await judged(translated(latency(true)), (file) => proved(file, 31))).verdicts)).toEqual(['absent-entry: proved events 5']);
    const { verdicts, files } = await judged(translated({ maps: [], handlers: [{ name: 'one', span: at(0), body: [small] }] }), (file) => proved(file, 11));
    expect(brief(verdicts)).toEqual(['contract: proved always']);
    expect(files[0]?.events).toBe(1);
    expect(brief((await judged(translated(latency(true, small)), (file) => proved(file, 11, 31))).verdicts)).toEqual(['contract: proved always', 'absent-entry: proved events 5']);
  });

  it('a violation is replayed: events that are none are left out, and the values are shown', async () => {
    const values = harness({ nd_event: [0, 0, 0, 0, 2], nd_nsecs: [1, 1, 1, 1, 9], nd_tid: [7] });
    const { verdicts } = await judged(translated(latency(false)), () => said({ stdout: 'sat\n', stderr: failed(31) }, values));
    expect(brief(verdicts)).toEqual(['absent-entry: refuted']);
    expect(verdicts[0]?.result).toMatchObject({ counterexample: { events: [{ handler: 'return', inputs: [{ name: 'tid' }] }] } });
  });

  it('a violation that does not replay is a disagreement', async () => {
    const values = harness({ nd_event: [0, 0, 0, 1, 2], nd_nsecs: [1, 2, 3, 4, 5], nd_tid: [7, 7] });
    expect(brief((await judged(translated(latency(true)), () => said({ stdout: 'sat\n', stderr: failed(31) }, values))).verdicts)).toEqual(['absent-entry: unknown disagreement']);
  });

  it('of two assertions that do not hold, the second is asked for again', async () => {
    const two = translated(latency(false, small));
    const first = harness({ nd_event: [0, 0, 0, 0, 1], nd_nsecs: [1, 1, 1, 1, 1], nd_tid: [200] });
    const second = harness({ nd_event: [0, 0, 0, 0, 2], nd_nsecs: [1, 1, 1, 1, 1], nd_tid: [3] });
    const { verdicts, files } = await judged(two, (_, run) => (run === 0 ? said({ stdout: 'sat\n', stderr: failed(11) + failed(31) }, first) : said({ stdout: 'sat\n', stderr: failed(31) }, second)));
    expect(brief(verdicts)).toEqual(['contract: refuted', 'absent-entry: refuted']);
    expect(files.map(({ lines }) => [...lines.keys()])).toEqual([[11, 31], [31]]);
  });

  it('two assertions in one line are asked for one after the other, since SeaHorn tells of lines', async () => {
    const flat = { file: 'one-line.bt', text: ' '.repeat(100) };
    const files: AskedFile[] = [];
    await judgeWithSeahorn(translated(latency(true, small)), flat, { run: (file) => { files.push(file); return Promise.resolve(proved(file, 1)); } });
    expect(files.map(({ lines }) => [...lines.values()].map((ones) => ones.length))).toEqual([[1], [1]]);
  });

  it('what nothing gets to is no proof; with an assumption, it contradicts itself', async () => {
    const vacuous = (file: AskedFile): SeahornAnswer => said({ stdout: 'unsat\n', stderr: `${passed(file)}Error: vacuity failed (unsat) latency.bt:31]\n` });
    expect(brief((await judged(translated(latency(true)), vacuous)).verdicts)).toEqual(['absent-entry: unknown vacuous']);
    const assuming = latency(true);
    const [entry, back] = assuming.handlers;
    const no: IrStmt = { kind: 'assume', condition: apply('ult', 'bool', tid, bits(0, 32)), span: at(16) };
    const program = { ...assuming, handlers: [...(entry ? [entry] : []), ...(back ? [{ ...back, body: [no, ...back.body] }] : [])] };
    expect(brief((await judged(translated(program), vacuous)).verdicts)).toEqual(['absent-entry: unknown contradictory']);
  });

  it('an assertion that SeaHorn’s compiler removed was never reached', async () => {
    expect(brief((await judged(translated(latency(true)), (file) => proved(file))).verdicts)).toEqual(['absent-entry: unknown vacuous']);
  });

  it('when it takes too long, assertions are asked for alone, then for fewer events', async () => {
    const late = said({ exitCode: 247 });
    const { verdicts, files } = await judged(translated(latency(true, small)), (file) => (file.lines.has(31) && file.events > 3 ? late : proved(file, 11, 31)));
    expect(brief(verdicts)).toEqual(['contract: proved always', 'absent-entry: proved events 3']);
    expect(files.map((file) => `${[...file.lines.keys()].join('+')} in ${file.events}`)).toEqual(['11+31 in 5', '11 in 1', '31 in 5', '31 in 3']);
    expect(brief((await judged(translated(latency(true)), () => late)).verdicts)).toEqual(['absent-entry: unknown time-out']);
  });

  it.each<[string, SeahornAnswer, string]>([
    ['a crash', said({ exitCode: 245 }), 'crashed'],
    ['a loop that goes on', said({ stdout: 'sat\n', stderr: 'Error: assertion failed (sat) latency.bt:7] backedge!!\n' }), 'bound'],
    ['a compiler that refuses', said({ exitCode: 1, stderr: 'program.c:3:1: error: no\n' }), 'crashed'],
    ['nothing to prove', said({ stderr: 'WARNING: no assertion was found so either\n' }), 'incomplete'],
    ['a solver that gave up', said({ stdout: 'unknown\n' }), 'incomplete'],
    ['words that are no verdict', said({ stdout: 'unsatisfied\n' }), 'crashed'],
    ['it was killed', { kind: 'killed', detail: 'status 137' }, 'killed'],
    ['it could not be run', { kind: 'failed', detail: 'no' }, 'crashed'],
  ])('%s is told apart', async (_, answer, reason) => expect(brief((await judged(translated(latency(true)), () => answer)).verdicts)).toEqual([`absent-entry: unknown ${reason}`]));

  it('assertions that its compiler made one of have no line', async () => {
    expect(brief((await judged(translated(latency(true)), (file) => proved(file, 0))).verdicts)).toEqual(['absent-entry: proved events 5']);
    const values = harness({ nd_event: [0, 0, 0, 0, 2], nd_nsecs: [1, 1, 1, 1, 9], nd_tid: [7] });
    expect(brief((await judged(translated(latency(false)), () => said({ stdout: 'sat\n', stderr: failed(0) }, values))).verdicts)).toEqual(['absent-entry: refuted']);
  });

  it('a single condition that has no meaning is told of by itself', async () => {
    const only = translated(latency(true), [{ span: at(13), handler: 'entry', what: 'no floating point', only: { property: 'contract', says: '$x > 0.5' } }]);
    expect(brief((await judged(only, (file) => proved(file, 31))).verdicts)).toEqual(['contract: unknown unsupported', 'absent-entry: proved events 5']);
  });

  it('what has no meaning here is not judged, nor what it may write to', async () => {
    const program = latency(true, small);
    const strange = translated(program, [{ span: at(12), handler: 'entry', what: 'strings are not compared' }]);
    expect(brief((await judged(strange, (file) => proved(file, 11, 31))).verdicts)).toEqual(['contract: unknown unsupported', 'absent-entry: unknown unsupported']);
  });
});
