import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ClangBuilder } from '../../src/checks/compile/clang/build.ts';
import { VmlinuxHeaders } from '../../src/checks/compile/clang/vmlinux.ts';
import { explanationsOfLoad } from '../../src/checks/load/findings.ts';
import { refusedLoads } from '../../src/checks/load/object.ts';
import type { CheckContext } from '../../src/checks/pipeline.ts';
import type { Program } from '../../src/checks/program.ts';
import { repairContextOf } from '../../src/checks/repair-c/kernel-context.ts';
import { provedRepairs } from '../../src/checks/repair-c/prove.ts';
import { proverOn } from '../../src/checks/repair-c/trial.ts';
import { repaired } from '../../src/checks/repairs.ts';
import type { Facts } from '../../src/kernel/facts.ts';
import { LocalTarget } from '../../src/target/local.ts';
import { cParser } from '../support/bpfc.ts';
import { bundled } from '../support/inventory.ts';
import { factsOf } from '../support/local.ts';
import { CORPUS, kernelName, readCases, runOracle, WHOLE, type Case } from '../support/verifier-corpus.ts';

/** Of so many cases one is tried. */
const EACH = WHOLE ? 1 : 4;
/** Repairs applied one after the other; the machine's two processors. */
const ROUNDS = 4;
const AT_ONCE = 2;
const LIMITS = { tries: 24, ms: 30_000, depth: 4 };

const target = new LocalTarget();
let facts: Facts;
let headers: VmlinuxHeaders;
let context: CheckContext;
const repairContext = repairContextOf(bundled);

beforeAll(async () => {
  facts = await factsOf(target);
  headers = new VmlinuxHeaders(mkdtempSync(join(tmpdir(), 'kgent-test-')));
  context = { target, facts, timeoutMs: 60_000, unsafe: false, inventory: () => Promise.resolve(bundled) };
});

interface Result {
  readonly one: Case;
  readonly loads: boolean;
  readonly titles: readonly string[];
  /** Calls and members of the program as it was that the repaired one lacks. */
  readonly lost: readonly string[];
  /** What the repaired program returned, where the case has an oracle. */
  readonly returned?: string | undefined;
}

async function repairCase(one: Case): Promise<Result> {
  const builder = new ClangBuilder(target, headers);
  const original = readFileSync(join(CORPUS, one.id, 'rejected.bpf.c'), 'utf8');
  const bpftool = facts.tools.bpftool?.command ?? 'bpftool';
  const titles: string[] = [];
  let text = original;
  for (let round = 0; round <= ROUNDS; round++) {
    const program: Program = { uri: 'file:///x.bpf.c', version: round, text, language: 'c' };
    const built = await builder.build(program, context);
    if (built.kind !== 'built') return { one, loads: false, titles, lost: [] };
    const { refused } = await refusedLoads(built.object, bpftool, facts, context);
    if (refused.length === 0) return { one, loads: true, titles, lost: lostIn(original, text), returned: one.oracle && (await run(one, built.object, bpftool)) };
    const explained = (await Promise.all(refused.map((each) => explanationsOfLoad(each, text)))).flat();
    const prover = proverOn(program, { builder, parser: cParser, bpftool, facts, repairContext }, context);
    const sure = explained[0] && (await provedRepairs(text, explained[0], explained, prover, LIMITS)).find((repair) => repair.sure);
    if (!sure || round === ROUNDS) break;
    text = repaired(text, sure);
    titles.push(sure.title);
  }
  return { one, loads: false, titles, lost: [] };
}

/** Functions called and members used, each as often as it was. `sizeof` a constant replaced is none of them. */
function lostIn(before: string, after: string): string[] {
  const count = (text: string, word: string): number => [...text.matchAll(new RegExp(`\\b${word}\\b`, 'g'))].length;
  const words = new Set([...before.matchAll(/(?:->|\.)\s*([a-z_]\w*)|\b([a-z_]\w*)\s*\(/g)].map(([, member, callee]) => member ?? callee ?? ''));
  return [...words].filter((word) => !/^(?:if|for|while|sizeof|return|h|bpf|maps|__attribute__|packed|__uint|__type)$/.test(word) && count(after, word) < count(before, word));
}

async function run(one: Case, object: Uint8Array, bpftool: string): Promise<string> {
  const room = mkdtempSync(join(tmpdir(), 'kgent-run-'));
  writeFileSync(join(room, 'x.o'), object);
  return runOracle(one, 'x.o', room, bpftool);
}

async function each<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const left = [...all];
  const done: R[] = [];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) done.push(await work(one));
  }));
  return done;
}

describe('repairs of the rejected programs', () => {
  it('those that are sure make at least 60 % load, keep what they make safe, and do what the correct versions do', async () => {
    const kernel = kernelName(facts.release);
    const all = readCases().filter(({ kernels, capabilities }) => kernels.includes(kernel) && capabilities === undefined);
    const cases = all.filter((_, n) => n % EACH === 0);
    const results = await each(cases, repairCase);
    const loaded = results.filter(({ loads }) => loads);
    const judged = loaded.filter(({ returned }) => returned !== undefined);
    const right = judged.filter(({ one, returned }) => returned === String(one.oracle?.returns));
    console.info(report(results));
    for (const { one, lost } of loaded) if (lost.length > 0) console.info(`${one.id} lost ${lost.join(', ')}`);
    for (const { one, returned } of judged) if (returned !== String(one.oracle?.returns)) console.info(`${one.id} returned ${returned ?? ''}, not ${one.oracle?.returns ?? ''}`);
    expect(all.length).toBeGreaterThan(100);
    expect(loaded.length / cases.length).toBeGreaterThanOrEqual(0.6);
    // What calls a helper that does not exist there, or another one by its name, is the one thing a repair may exchange.
    expect(loaded.filter(({ one, lost }) => lost.length > 0 && !EXCHANGES.test(one.class)).map(({ one, lost }) => `${one.id}: ${lost.join(', ')}`)).toEqual([]);
    expect(judged.length - right.length).toBe(0);
  }, 1_800_000);
});

/** Classes repaired by calling something else, or once what was called twice. */
const EXCHANGES = /^(?:helper-not-allowed|kfunc-not-allowed|sleepable|helper-argument|context-access|read-only|iterator|dynptr|lock|irq|rcu)$/;

function report(results: readonly Result[]): string {
  const classes = [...new Set(results.map(({ one }) => one.class))].sort();
  const rows = classes.map((name) => {
    const own = results.filter(({ one }) => one.class === name);
    const failed = own.filter(({ loads }) => !loads).map(({ one }) => one.id.split('/')[1]);
    return `${name}: ${own.length - failed.length}/${own.length}${failed.length > 0 ? ` (not: ${failed.join(', ')})` : ''}`;
  });
  const total = results.filter(({ loads }) => loads).length;
  return [...rows, `all: ${total}/${results.length} = ${((100 * total) / Math.max(1, results.length)).toFixed(1)} %`].join('\n');
}
