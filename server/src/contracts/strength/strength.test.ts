import { describe, expect, it } from 'vitest';
import { interpret, type IrEvent } from '../ir/interpret.ts';
import { apply, bits, type IrExpr, type IrProgram, type IrStmt } from '../ir/ir.ts';
import type { Verdict } from '../verdict.ts';
import { mutants } from './mutate.ts';
import { weakClauses } from './weak.ts';

const at = (start: number): { start: number; end: number } => ({ start, end: start + 1 });
const read = (name: string, width: number): IrExpr => ({ kind: 'read', name, width });
const variable = (name: string, width: number): IrExpr => ({ kind: 'variable', name, width });
const dport = read('skc_dport', 16);
const swap = (x: IrExpr): IrExpr => apply('concat', 16, { kind: 'apply', op: 'extract', width: 8, low: 0, args: [x] }, { kind: 'apply', op: 'extract', width: 8, low: 8, args: [x] });
const set = (name: string, value: IrExpr, start: number): IrStmt => ({ kind: 'set', name, value, span: at(start) });
const asserts = (condition: IrExpr, start: number): IrStmt => ({ kind: 'assert', condition, property: 'contract', span: at(start) });

/** Prints the remote port of IPv4 connections, and says what that is. */
function connects(...clauses: readonly IrStmt[]): IrProgram {
  const only: IrStmt = { kind: 'if', condition: apply('eq', 'bool', read('skc_family', 16), bits(2, 16)), then: [], otherwise: [{ kind: 'leave', span: at(11) }], span: at(10) };
  return { maps: [], handlers: [{ name: 'tcp_connect', span: at(0), body: [only, set('$port', swap(dport), 20), ...clauses] }] };
}

/** Stands for the solver: many events instead of all. */
function judged(program: IrProgram): Promise<readonly Verdict[]> {
  const events: IrEvent[] = Array.from({ length: 64 }, (_, n) => ({ handler: '', reads: new Map([['skc_dport', BigInt((n * 4099 + 80) % 65_536)], ['skc_num', BigInt((n * 1031 + 5) % 65_536)], ['skc_family', n % 3 === 0 ? 10n : 2n], ['variable $port', BigInt((n * 7919) % 65_536)]]) }));
  const broken = program.handlers.flatMap(({ name }) => events.flatMap((event) => interpret(program, [{ ...event, handler: name }]).violations));
  const spans = program.handlers.flatMap(({ body }) => body.filter((statement) => statement.kind === 'assert'));
  return Promise.resolve(spans.map(({ span, property }): Verdict => ({ property, span, says: '', result: broken.some((one) => one.span.start === span.start) ? { kind: 'refuted', counterexample: { events: [] } } : { kind: 'proved', by: 'always', invariants: [] } })));
}

describe('mistakes that are made in a program', () => {
  const clause = asserts(apply('ult', 'bool', variable('$port', 16), bits(1024, 16)), 30);
  const all = [...mutants(connects(clause))];
  it('are those that people make', () => {
    expect(all.map(({ what }) => what)).toEqual(expect.arrayContaining(['as if the condition always held', 'without this step', 'without changing the byte order', '3 instead of 2', 'the opposite', 'skc_dport instead of skc_family']));
  });
  it('leave the clauses as they are', () => {
    for (const { program } of all) expect(program.handlers[0]?.body.filter((statement) => statement === clause)).toHaveLength(1);
  });
  it('are one each', () => {
    const whole = JSON.stringify(connects(clause), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    for (const { program } of all) expect(JSON.stringify(program, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toBe(whole);
  });
  it('are taken from each handler in turn', () => {
    const [one] = connects(clause).handlers;
    if (!one) throw new Error('no handler');
    const two = [...mutants({ maps: [], handlers: [one, { ...one, name: 'second' }] })].slice(0, 4);
    expect(two.map(({ program }) => program.handlers.findIndex(({ body }) => body !== one.body))).toEqual([0, 1, 0, 1]);
  });
});

describe('a clause', () => {
  const weak = async (...clauses: readonly IrStmt[]) => (await weakClauses(connects(...clauses), judged, 100)).map(({ span, why }) => [span.start, why]);
  it('that a mistake breaks says something', async () => {
    expect(await weak(asserts(apply('eq', 'bool', variable('$port', 16), swap(dport)), 30))).toEqual([]);
  });
  it('about who is counted is broken by leaving out the condition', async () => {
    expect(await weak(asserts(apply('eq', 'bool', read('skc_family', 16), bits(2, 16)), 30))).toEqual([]);
  });
  it('that holds of any values says nothing', async () => {
    expect(await weak(asserts(apply('ule', 'bool', bits(0, 16), variable('$port', 16)), 30), asserts(apply('eq', 'bool', variable('$port', 16), swap(dport)), 31))).toEqual([[30, 'always-true']]);
  });
  it('that no mistake breaks says nothing either', async () => {
    const assumed: IrStmt = { kind: 'assume', condition: apply('ule', 'bool', read('skc_num', 16), bits(1000, 16)), span: at(31) };
    expect(await weak(assumed, asserts(apply('ule', 'bool', read('skc_num', 16), bits(2000, 16)), 32))).toEqual([[32, 'unbreakable']]);
  });
});
