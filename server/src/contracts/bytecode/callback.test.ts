import { expect, it } from 'vitest';
import { Evaluation } from '../terms/evaluate.ts';
import type { Term } from '../terms/term.ts';
import { Terms } from '../terms/terms.ts';
import { bpfLoop, type At } from './callback.ts';
import { number } from './value.ts';

/** What bpf_loop gives with a function that ends with 1 in round `last`: its result by the number of rounds asked for, and the rounds that were followed. */
function loop(count: (terms: Terms) => Term, last: number, rounds = 8): { result: (n: bigint) => bigint | undefined; calls: Term[]; unfinished: number } {
  const terms = new Terms();
  const calls: Term[] = [];
  let [left, unfinished]: [readonly At[], number] = [[], 0];
  const context = number(terms.bits(7n, 64));
  const registers = Array.from({ length: 11 }, () => context);
  bpfLoop({
    terms, rounds,
    call: ([round, given], { when, state }) => {
      expect(given).toBe(context);
      calls.push(when);
      return { when, state: { ...state, registers: [number(terms.bits(round?.term.value === BigInt(last) ? 1n : 0n, 64)), ...state.registers.slice(1)] } };
    },
    join: (ways) => { left = ways; return ways[0]; },
    unfinished: () => { unfinished++; },
  }, [number(count(terms)), context, context], { when: terms.yes, state: { registers, memory: new Map(), gone: [] } });
  const result = (n: bigint): bigint | undefined => {
    const values = new Evaluation(new Map([['n', n]]));
    const ways = left.filter(({ when }) => values.holds(when));
    expect(ways.length).toBeLessThanOrEqual(1);
    const [way] = ways;
    expect(way?.state.registers[6] ?? context).toBe(context);
    return way?.state.registers[0]?.term.value;
  };
  return { result, calls, unfinished };
}

it('a number of rounds that is known is followed to its end', () => {
  const { result, calls, unfinished } = loop((terms) => terms.bits(3n, 64), 99);
  expect([result(0n), calls.length, unfinished]).toEqual([3n, 3, 0]);
});

it('a function that gives something else than 0 ends it', () => {
  const { result, calls } = loop((terms) => terms.bits(5n, 64), 1);
  expect([result(0n), calls.length]).toEqual([2n, 2]);
});

it('each number of rounds has its result; more than are looked at is said', () => {
  const { result, calls, unfinished } = loop((terms) => terms.input('n', 64), 99, 4);
  expect([0n, 1n, 4n, 5n].map(result)).toEqual([0n, 1n, 4n, undefined]);
  expect([calls.length, unfinished]).toEqual([4, 1]);
});
