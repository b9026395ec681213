/**
 * Proves the programs of test-fixtures/contracts and says how many wrong ones are refuted and right ones proved, and how long it took from the analysed
 * or compiled program on. `contracts.ts [PART] [--each]`: only programs whose path has PART in it (`.bt`, `-c/`); `--each` prints a line for each.
 */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { LineIndex } from '../server/src/base/line-index.ts';
import { NEWEST_BPFTRACE } from '../server/src/checks/against.ts';
import { ClangBuilder } from '../server/src/checks/compile/clang/build.ts';
import { VmlinuxHeaders } from '../server/src/checks/compile/clang/vmlinux.ts';
import { cTranslator } from '../server/src/checks/contract/compile-c.ts';
import { translateBpftrace } from '../server/src/contracts/bpftrace/translate.ts';
import { prove } from '../server/src/contracts/prove/prove.ts';
import type { Translated, Verdict } from '../server/src/contracts/verdict.ts';
import { Described } from '../server/src/knowledge/described.ts';
import { analyze } from '../server/src/language/bpftrace/analysis/analyze.ts';
import type { Solver } from '../server/src/solver/solver.ts';
import { Z3Solver } from '../server/src/solver/z3.ts';
import { LocalTarget } from '../server/src/target/local.ts';
import { cParser } from '../server/test/support/bpfc.ts';
import { bundled } from '../server/test/support/inventory.ts';
import { factsOf } from '../server/test/support/local.ts';
import { parse } from '../server/test/support/marked.ts';
import { ms as msText, summarize } from './statistics.ts';

const ROOT = join(import.meta.dirname, '../test-fixtures/contracts');
const TIMEOUT_MS = 2_000;

const [part = ''] = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const each = process.argv.includes('--each');
const described = new Described();
await described.read(join(import.meta.dirname, '../dist/knowledge'));

const z3 = new Z3Solver();
const began = performance.now();
await z3.warm();
console.log(`cold start of the engine: ${Math.round(performance.now() - began)} ms`);

let questions = 0;
let asked = 0;
const counting: Solver = {
  solve: async (question, options) => {
    const start = performance.now();
    const answer = await z3.solve(question, options);
    questions++;
    asked += performance.now() - start;
    if (performance.now() - start > 1_000) console.log(`  ${Math.round(performance.now() - start)} ms: ${answer.kind}`);
    return answer;
  },
  dispose: () => z3.dispose(),
};

const target = new LocalTarget();
const facts = await factsOf(target);
const compile = cTranslator({ builder: new ClangBuilder(target, new VmlinuxHeaders(mkdtempSync(join(tmpdir(), 'kgent-bench-')))), parser: () => Promise.resolve(cParser), described: () => Promise.resolve(described) });

async function translated(file: string, text: string): Promise<() => Translated> {
  if (file.endsWith('.bt')) {
    const analysis = analyze(parse(text), { version: NEWEST_BPFTRACE, inventory: bundled, unsafe: true, targetName: 'the target' });
    return () => translateBpftrace(analysis, { facts: described, specOf: (point) => described.conditions(point) });
  }
  const made = await compile({ uri: `file:///${file}`, version: 1, text, language: 'c' }, { target, facts, timeoutMs: 60_000, unsafe: false, inventory: () => Promise.resolve(bundled) });
  if (made.kind === 'not') throw new Error(`${file}: ${made.reason}`);
  return () => made.translated;
}

/** How long the event loop stood still while something ran, in milliseconds at most. */
async function standstill<T>(run: () => Promise<T>): Promise<{ readonly result: T; readonly still: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  // The first sample comes with a turn of its own.
  await new Promise((resolve) => setTimeout(resolve, 2));
  const result = await run();
  await new Promise((resolve) => setTimeout(resolve, 2));
  delay.disable();
  return { result, still: Math.max(0, delay.max / 1e6 - 1) };
}

interface Outcome {
  readonly file: string;
  readonly good: boolean;
  readonly refuted: boolean;
  readonly unknown: number;
  readonly ms: number;
  /** Longest standstill of the event loop. */
  readonly still: number;
}

async function judge(file: string): Promise<Outcome> {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const { property, line } = JSON.parse(readFileSync(join(ROOT, file, '../case.json'), 'utf8')) as { property: string; line: number };
  const lines = new LineIndex(text);
  const lineOf = (offset: number): number => lines.position(offset).line + 1;
  const program = await translated(file, text);
  [questions, asked] = [0, 0];
  const start = performance.now();
  const { result: verdicts, still } = await standstill(async () => prove(program(), counting, { timeoutMs: TIMEOUT_MS }));
  const ms = performance.now() - start;
  const isThere = ({ span, ...verdict }: Verdict): boolean => verdict.property === property && lineOf(span.start) <= line && lineOf(span.end) >= line;
  const refuted = verdicts.filter(({ result }) => result.kind === 'refuted');
  const unknown = verdicts.filter(({ result }) => result.kind === 'unknown').length;
  const wrong = /wrong\.[^/]+$/.test(file);
  const good = wrong ? refuted.some(isThere) : refuted.length === 0 && unknown === 0;
  if (each || !good) console.log(`${good ? '   ' : 'BAD'} ${file} ${property}:${line} ${Math.round(ms)} ms (event loop still ${Math.round(still)} ms), ${questions} questions in ${Math.round(asked)} ms`);
  if (!good) for (const { property: of, span, says, result } of verdicts) console.log(`      ${of}:${lineOf(span.start)} ${says} ${result.kind}${result.kind === 'unknown' ? ` ${result.reason}: ${result.detail}` : ''}`);
  return { file, good, refuted: refuted.length > 0, unknown, ms, still };
}

const outcomes: Outcome[] = [];
const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((file) => /\/(?:wrong|right)\.(?:bt|bpf\.c)$/.test(file) && file.includes(part)).sort();
for (const file of files) outcomes.push(await judge(file));
await z3.dispose();

const of = (name: string): readonly Outcome[] => outcomes.filter(({ file }) => file.includes(`/${name}.`));
const [wrong, right] = [of('wrong'), of('right')];
const { median, p95, most } = summarize(outcomes.map(({ ms }) => ms));
console.log(`wrong: ${wrong.filter(({ good }) => good).length} of ${wrong.length} refuted where they are wrong`);
console.log(`right: ${right.filter(({ good }) => good).length} of ${right.length} proved; ${right.filter(({ refuted }) => refuted).length} false alarms, ${right.filter(({ unknown }) => unknown > 0).length} with something unknown`);
console.log(`a program: median ${msText(median)}, p95 ${msText(p95)}, longest ${msText(most)}`);
const stills = summarize(outcomes.map(({ still }) => still));
console.log(`the event loop stands still: median ${msText(stills.median)}, p95 ${msText(stills.p95)}, longest ${msText(stills.most)} (${outcomes.filter(({ still }) => still > 20).length} programs more than 20 ms)`);
