import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { translateBpftrace } from '../../src/contracts/bpftrace/translate.ts';
import { withOwnNames } from '../../src/contracts/prove/prove.ts';
import { analyzed } from '../support/analyzed.ts';
import { eventsOf } from '../../src/contracts/seahorn/events.ts';
import { printSeahorn, type SeahornFile } from '../../src/contracts/seahorn/print.ts';
import { assertedIn, type Asserted } from '../../src/contracts/seahorn/scope.ts';
import { IrGenerator } from '../../src/contracts/ir/generate.test-support.ts';
import { interpret } from '../../src/contracts/ir/interpret.ts';
import { apply, type IrExpr, type IrProgram } from '../../src/contracts/ir/ir.ts';
import { compute } from '../../src/contracts/terms/bits.ts';
import { ARITHMETIC } from '../../src/contracts/terms/term.ts';
import { clangSays, optimized, runPrinted } from '../support/seahorn.ts';

/** What is known of values of more than 128 bits. */
const WIDE: ReadonlySet<string> = new Set(['and', 'or', 'xor', 'shl', 'lshr']);
const PROGRAMS = 20;
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
  const clocks = new Set(file.clocks.flatMap(({ functions }) => functions));
  const functions = [...file.text.matchAll(/^extern (\w+) (\w+)\(void\);$/gm)];
  return new Map(functions.map(([, type, name = '']) => {
    // The last event must be one.
    if (name === 'nd_event') return [name, Array.from({ length: file.events }, (_, n) => (n === file.events - 1 ? 1n + random(file.handlers.length) : random(file.handlers.length + 1)))];
    let at = 1n;
    return [name, Array.from({ length: 40 }, () => (clocks.has(name) ? (at += random(3)) : random(type === 'bool' ? 2 : 6)))];
  }));
}

interface Case {
  readonly program: IrProgram;
  readonly file: SeahornFile;
}

/** Random programs with handlers that matter to an assertion. */
function randomPrograms(count: number): readonly Case[] {
  const random = new IrGenerator(7);
  const all = Array.from({ length: 2 * count }, () => random.program()).map((program) => ({ program, file: printed(program) }));
  return all.filter(({ file }) => file.handlers.length > 0).slice(0, count);
}

const root = join(import.meta.dirname, '../../../test-fixtures/contracts');
const pairs = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.bt')).sort().map((name): Case => {
  const text = readFileSync(join(root, name), 'utf8');
  const program = withOwnNames(translateBpftrace(analyzed(text).analysis).program);
  return { program, file: printSeahorn(program, { file: 'pair.bt', text }, { asserted: assertedIn(program), events: 5 }) };
});
/** With keys, values or addresses of several words. */
const wide = pairs.filter(({ file }) => file.handlers.length > 0 && /__\w+_1\(|A1|K1/.test(file.text)).filter((_, n) => n % 3 === 0);

/** Lines from 1 of what did not hold in the last event, when the program is interpreted. */
function interpreted({ program, file }: Case, values: ReadonlyMap<string, readonly bigint[]>): { readonly excluded: boolean; readonly lines: readonly number[] } {
  const events = eventsOf(file, values);
  const { ending, violations } = interpret(program, events);
  const isIt = ({ property, span }: { property: string; span: { start: number } }, one: Asserted): boolean => span.start === one.span.start && property === ('limit' in one ? 'loop-bound' : one.property);
  const lines = [...file.lines].filter(([, ones]) => violations.some((violation) => violation.event === events.length - 1 && ones.some((one) => isIt(violation, one))));
  return { excluded: ending.kind !== 'done', lines: lines.map(([line]) => line).sort((a, b) => a - b) };
}

/** Each operation in several widths, asserted to give what is read as its result; and runs in which that is right. */
function calculations(): { readonly file: SeahornFile; readonly values: readonly ReadonlyMap<string, readonly bigint[]>[] } {
  const wanted = [8, 13, 16, 32, 40, 64, 65, 96, 128, 200, 256].flatMap((width) => ARITHMETIC.filter((op) => width <= 128 || WIDE.has(op)).map((op) => ({ op, width })));
  const read = (name: string, width: number): IrExpr => ({ kind: 'read', name, width });
  const body = wanted.map(({ op, width }, n) => ({ kind: 'assert' as const, property: 'contract', says: `${op} of ${width} bits`, span: { start: n, end: n + 1 }, condition: apply('eq', 'bool', apply(op, width, read(`a${width}`, width), read(`b${width}`, width)), read(`${op}${width}`, width)) }));
  const program: IrProgram = { maps: [], handlers: [{ name: 'all', span: { start: 0, end: 1 }, body }] };
  const file = printSeahorn(program, { file: 'all.bt', text: '\n'.repeat(wanted.length) }, { asserted: assertedIn(program), events: 1 });
  const edges = [0n, 1n, 2n, 7n, 63n, 64n, 65n, 130n, (1n << 63n) + 5n, -1n, -2n, 0x1234_5678_9abc_def0_1122_3344n, -(1n << 64n)];
  const values = edges.flatMap((left) => edges.map((right) => {
    const of = new Map<string, bigint>();
    for (const { op, width } of wanted) {
      const [a, b] = [BigInt.asUintN(width, left), BigInt.asUintN(width, right)];
      of.set(`a${width}`, a).set(`b${width}`, b).set(`${op}${width}`, compute(op, a, b, width));
    }
    const inputs = file.handlers[0]?.reads ?? [];
    return new Map<string, readonly bigint[]>([['nd_event', [1n]], ...inputs.flatMap(({ name, functions }) => functions.map((fn, n): [string, bigint[]] => [fn, [BigInt.asUintN(64, (of.get(name) ?? 0n) >> BigInt(64 * n))]]))]);
  }));
  return { file, values };
}

describe('programs printed for SeaHorn', () => {
  const programs = [...randomPrograms(PROGRAMS), ...wide];

  it('compile without a warning', () => {
    expect(pairs.length).toBeGreaterThan(250);
    expect(clangSays([...programs, ...pairs].map(({ file }) => file.text))).toBe('');
    expect(clangSays(['int main(void) { int x; return 0; }\n'])).toContain('unused variable');
  });

  it('do in C what they do when they are interpreted: the same is excluded, and the same does not hold in the last event', () => {
    expect(wide.length).toBeGreaterThan(10);
    const runs = programs.map(({ file }, n) => Array.from({ length: RUNS }, (_, run) => someValues(file, n * 1000 + run)));
    const answers = runPrinted(programs.map(({ file }, n) => ({ text: file.text, runs: runs[n] ?? [] })));
    let [violated, broken] = [0, 0];
    for (const [n, one] of programs.entries()) {
      const invariants = new Set([...one.file.lines].filter(([, ones]) => ones.some((each) => 'map' in each)).map(([line]) => line));
      for (const [run, values] of (runs[n] ?? []).entries()) {
        const { excluded, lines } = interpreted(one, values);
        const answer = answers[n]?.[run];
        expect([n, run, answer?.excluded]).toEqual([n, run, excluded]);
        if (excluded) continue;
        const found = [...new Set(answer?.violated)].sort((a, b) => a - b);
        expect([n, run, found.filter((line) => !invariants.has(line))]).toEqual([n, run, lines.filter((line) => !invariants.has(line))]);
        // An invariant is looked at for one key.
        expect([n, run, lines]).toEqual([n, run, expect.arrayContaining(found)]);
        violated += found.length;
        broken += found.filter((line) => invariants.has(line)).length;
      }
    }
    expect([violated > 200, broken > 10]).toEqual([true, true]);
  });

  it('calculate as bit-vectors do, in any width', () => {
    const { file, values } = calculations();
    const [answers = []] = runPrinted([{ text: file.text, runs: values }]);
    expect(clangSays([file.text])).toBe('');
    expect(answers.flatMap(({ violated }) => violated).map((line) => [...(file.lines.get(line) ?? [])].map((one) => 'says' in one && one.says))).toEqual([]);
    expect(answers).toHaveLength(values.length);
  });

  it('leave SeaHorn no memory to reason about: only values, and each assertion once or twice', () => {
    const stateful = pairs.filter(({ file: { events, lines } }) => events > 1 && lines.size === 1).slice(0, 6);
    expect(stateful).toHaveLength(6);
    for (const { file: { text, lines } } of stateful) {
      const llvm = optimized(text);
      expect(llvm.match(/ = alloca | = load |^ *store /gm) ?? []).toEqual([]);
      const asserted = [...lines.values()].flat().length;
      const kept = (llvm.match(/call void @seahorn_assert/g) ?? []).length - 1;
      expect([asserted, kept, kept >= asserted && kept <= 2 * asserted]).toEqual([asserted, kept, true]);
    }
  });
});
