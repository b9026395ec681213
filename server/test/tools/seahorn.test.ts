import { describe, expect, it } from 'vitest';
import { eventsOf } from '../../src/contracts/seahorn/events.ts';
import { printSeahorn, type SeahornFile } from '../../src/contracts/seahorn/print.ts';
import { assertedIn } from '../../src/contracts/seahorn/scope.ts';
import { IrGenerator } from '../../src/contracts/ir/generate.test-support.ts';
import { interpret } from '../../src/contracts/ir/interpret.ts';
import type { IrProgram } from '../../src/contracts/ir/ir.ts';
import { clangSays, runPrinted } from '../support/seahorn.ts';

const PROGRAMS = 25;
const RUNS = 30;
/** Spans of generated programs are numbers of statements: each has its line. */
const source = { file: 'random.bt', text: '\n'.repeat(400) };
const printed = (program: IrProgram): SeahornFile => printSeahorn(program, source, { asserted: assertedIn(program), events: 3 });

/** Values for the functions of a program: small ones, so that they meet. */
function someValues(file: SeahornFile, seed: number): ReadonlyMap<string, readonly bigint[]> {
  let state = seed;
  const random = (below: number): bigint => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return BigInt(Math.floor((state / 2 ** 32) * below));
  };
  const functions = [...file.text.matchAll(/^extern (\w+) (\w+)\(void\);$/gm)].map(([, , name = '']) => name);
  return new Map(functions.map((name) => {
    if (name === 'nd_event') return [name, Array.from({ length: file.events }, (_, n) => (n === file.events - 1 ? 1n : 0n) + random(file.handlers.length + (n === file.events - 1 ? 0 : 1)))];
    let at = 1n;
    return [name, Array.from({ length: 40 }, () => (name === 'nd_now' ? (at += random(3)) : random(6)))];
  }));
}

/** Programs with handlers that matter to an assertion. */
function somePrograms(count: number): readonly { readonly program: IrProgram; readonly file: SeahornFile }[] {
  const random = new IrGenerator(7);
  const all = Array.from({ length: 2 * count }, () => random.program()).map((program) => ({ program, file: printed(program) }));
  return all.filter(({ file }) => file.handlers.length > 0).slice(0, count);
}

const linesOf = (asserted: readonly { readonly span: { readonly start: number } }[]): number[] => [...new Set(asserted.map(({ span }) => span.start + 1))].sort((a, b) => a - b);

describe('programs printed for SeaHorn', () => {
  const programs = somePrograms(PROGRAMS);

  it('compile without a warning', () => expect(clangSays(programs.map(({ file }) => file.text))).toBe(''));

  it('do in C what they do when they are interpreted: the same is excluded, and the same does not hold in the last event', () => {
    const runs = programs.map(({ file }, n) => Array.from({ length: RUNS }, (_, run) => someValues(file, n * 1000 + run)));
    const answers = runPrinted(programs.map(({ file }, n) => ({ text: file.text, runs: runs[n] ?? [] })));
    let [violated, broken] = [0, 0];
    for (const [n, { program, file }] of programs.entries()) {
      const invariants = linesOf(program.invariants ?? []);
      for (const [run, values] of (runs[n] ?? []).entries()) {
        const events = eventsOf(file, values);
        const ran = interpret(program, events);
        const answer = answers[n]?.[run];
        expect([n, run, answer?.excluded]).toEqual([n, run, ran.ending.kind === 'excluded']);
        if (answer?.excluded !== false) continue;
        const expected = linesOf(ran.violations.filter(({ event }) => event === events.length - 1));
        const found = [...new Set(answer.violated)].sort((a, b) => a - b);
        expect([n, run, found.filter((line) => !invariants.includes(line))]).toEqual([n, run, expected.filter((line) => !invariants.includes(line))]);
        // An invariant is looked at for one key.
        expect([n, run, expected]).toEqual([n, run, expect.arrayContaining(found)]);
        violated += found.length;
        broken += found.filter((line) => invariants.includes(line)).length;
      }
    }
    expect([violated > 200, broken > 10]).toEqual([true, true]);
  });
});
