import { afterAll, describe, expect, it } from 'vitest';
import { Terms } from '../contracts/terms/terms.ts';
import type { Term } from '../contracts/terms/term.ts';
import type { Question } from './solver.ts';
import { Z3Solver } from './z3.ts';

const terms = new Terms();
const [a, b] = [terms.input('a', 64), terms.input('b', 64)];
const two = terms.bits(2n, 64);
const swapped = (x: Term): Term => terms.concat([terms.extract(x, 0, 8), terms.extract(x, 8, 8)]);
const port = terms.input('skc_dport', 16);

/** Factors of a product of two primes of 31 and 32 bits: nothing that is found in the time of a test. */
const hard: Question = {
  claims: [terms.order('ult', two, a), terms.order('ult', two, b), terms.order('ult', a, terms.bits(1n << 32n, 64)), terms.order('ult', b, terms.bits(1n << 32n, 64)), terms.eq(terms.arithmetic('mul', a, b), terms.bits(2_147_483_629n * 4_294_967_291n, 64))],
  inputs: [a],
};
const easy: Question = { claims: [terms.eq(swapped(port), terms.bits(80n, 16))], inputs: [port] };
const limit = { timeoutMs: 5_000 };

const solver = new Z3Solver();
afterAll(() => solver.dispose());

describe('Z3 in a thread', () => {
  it('finds values, and that there are none', async () => {
    expect(await solver.solve(easy, limit)).toEqual({ kind: 'sat', values: new Map([['skc_dport', 0x5000n]]) });
    expect(await solver.solve({ claims: [terms.order('ult', a, b), terms.order('ult', b, a)], inputs: [] }, limit)).toEqual({ kind: 'unsat' });
  });
  it('reads arrays', async () => {
    const map = terms.input('m', { key: 8, value: 8 });
    const at = terms.select(terms.store(map, terms.bits(1n, 8), terms.bits(5n, 8)), terms.input('k', 8));
    const answer = await solver.solve({ claims: [terms.eq(at, terms.bits(9n, 8))], inputs: [map, terms.input('k', 8)] }, limit);
    expect(answer.kind).toBe('sat');
    if (answer.kind !== 'sat') return;
    const [array, key] = [answer.values.get('m'), answer.values.get('k')];
    if (typeof array !== 'object' || typeof key !== 'bigint') throw new Error('an array and a key');
    expect(array.at.get(key) ?? array.rest).toBe(9n);
  });
  it('questions asked at once are answered each', async () => {
    const kinds = await Promise.all([easy, { claims: [terms.no], inputs: [] }, easy].map(async (question) => (await solver.solve(question, limit)).kind));
    expect(kinds).toEqual(['sat', 'unsat', 'sat']);
  });
  it('stops at its time, and answers the next question', async () => {
    expect(await solver.solve(hard, { timeoutMs: 50 })).toMatchObject({ kind: 'unknown', reason: 'time-out' });
    expect((await solver.solve(easy, limit)).kind).toBe('sat');
  });
  it('a cancelled question ends at once, one behind it that is cancelled is not asked, and the next is answered', async () => {
    await solver.warm();
    const signal = AbortSignal.timeout(20);
    const [running, waiting] = [solver.solve(hard, { timeoutMs: 60_000, signal }), solver.solve(easy, { ...limit, signal })];
    expect(await Promise.all([running, waiting])).toEqual([{ kind: 'unknown', reason: 'killed', detail: 'cancelled' }, { kind: 'unknown', reason: 'killed', detail: 'cancelled' }]);
    expect((await solver.solve(easy, limit)).kind).toBe('sat');
  });
  it('a thread that is ended while it works says so, and is started anew', async () => {
    const running = solver.solve(hard, { timeoutMs: 60_000 });
    await solver.warm();
    await solver.dispose();
    expect(await running).toMatchObject({ kind: 'unknown', reason: 'killed' });
    expect((await solver.solve(easy, limit)).kind).toBe('sat');
  });
  it('a thread that crashes by itself says so, and is started anew', async () => {
    // Z3 goes down into it by calling itself, until its stack is full.
    let deep = a;
    for (let n = 0; n < 200_000; n++) deep = terms.arithmetic('xor', terms.arithmetic('add', deep, b), a);
    expect(await solver.solve({ claims: [terms.eq(deep, two)], inputs: [] }, { timeoutMs: 15_000 })).toEqual({ kind: 'unknown', reason: 'crashed', detail: 'memory access out of bounds' });
    expect((await solver.solve(easy, limit)).kind).toBe('sat');
  });
  it('less memory than it needs to begin with: no answer', async () => {
    const tiny = new Z3Solver({ memoryMb: 1 });
    expect(await tiny.solve(easy, limit)).toEqual({ kind: 'unknown', reason: 'crashed', detail: 'the solver gave no answer' });
    await tiny.dispose();
  });
  it('more memory than it may have ends it', async () => {
    const small = new Z3Solver({ memoryMb: 40 });
    let product = a;
    for (let n = 0; n < 40; n++) product = terms.arithmetic('mul', terms.arithmetic('add', product, terms.bits(3n, 64)), terms.arithmetic('xor', b, product));
    const answer = await small.solve({ claims: [terms.eq(product, terms.bits(77n, 64))], inputs: [] }, { timeoutMs: 15_000 });
    await small.dispose();
    expect(answer).toEqual({ kind: 'unknown', reason: 'killed', detail: 'the solver used more memory than it may' });
  });
});
