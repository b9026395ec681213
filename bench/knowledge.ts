// knowledge.ts: the index over 120,000 records: the described ones and, told by names and types, what two full Debian kernels have beside.
// Built in its thread as the product builds it; searched by the graphs, by comparing with all vectors, and by the words alone.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildKnowledge } from '../server/src/knowledge/build.ts';
import { DIMENSIONS, EMBEDDER } from '../server/src/knowledge/embed.ts';
import { exactIndex } from '../server/src/knowledge/exact.ts';
import { buildInThread } from '../server/src/knowledge/index/index-thread.ts';
import { openStable, readPart, type OpenedPart } from '../server/src/knowledge/index/open-part.ts';
import type { Item } from '../server/src/knowledge/items.ts';
import { bestOf, LexicalSearch } from '../server/src/knowledge/lexical.ts';
import { LocalKnowledge } from '../server/src/knowledge/local.ts';
import { readOwn, type OwnIndex } from '../server/src/knowledge/open.ts';
import { DERIVED_HANDICAP } from '../server/src/knowledge/part.ts';
import { fullKernelItems } from './full-kernel.ts';
import { ms, summarize, timed } from './statistics.ts';

const RECORDS = 120_000;
const K = 10;
const OWN = 'own';
const FURTHER = 'further';

/** One figure with what it may be. */
interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly budget: number;
  readonly atLeast?: boolean;
}

/** Questions in everyday words; the other half of the set is looked at for final figures only. */
function questions(): string[] {
  const lines = readFileSync('test-fixtures/questions/attach-points.jsonl', 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as { question: string; half: string }).filter(({ half }) => half === 'tuning').map(({ question }) => question);
}

/** Time that this thread had a processor so far, in milliseconds: proc(5), `schedstat`. */
function onProcessor(): number {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[0]) / 1e6;
}

/** The longest turn of the event loop since then, in milliseconds of work: with two processors it also stands still while other threads have them both. */
function watchTurns(): () => number {
  let last = onProcessor();
  let most = 0;
  const look = (): number => {
    const now = onProcessor();
    most = Math.max(most, now - last);
    last = now;
    return most;
  };
  const timer = setInterval(look, 1);
  return () => {
    clearInterval(timer);
    return look();
  };
}

/** One after the other, as an inventory gives what it has: the whole file is not the building's memory. */
function* linesOf(path: string): Generator<string, undefined, undefined> {
  const fd = openSync(path, 'r');
  const decoder = new TextDecoder();
  const chunk = Buffer.alloc(1 << 16);
  let rest = '';
  for (let size = readSync(fd, chunk); size > 0; size = readSync(fd, chunk)) {
    const lines = (rest + decoder.decode(chunk.subarray(0, size), { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  closeSync(fd);
  if (rest !== '') yield rest;
  return undefined;
}

/** What a process that builds prints: its memory is that of building alone. */
interface Built {
  readonly seconds: number;
  readonly megabytes: number;
  /** Milliseconds of the longest turn beside a thread that builds. */
  readonly blocked: number;
}

/** The index that is made when Kgent is packaged. */
async function buildOwn(dir: string): Promise<void> {
  const began = performance.now();
  await buildKnowledge({ source: 'knowledge', out: join(dir, OWN) });
  tellBuilt(began, 0);
}

function tellBuilt(began: number, blocked: number): void {
  console.log(JSON.stringify({ seconds: (performance.now() - began) / 1000, megabytes: process.resourceUsage().maxRSS / 1024, blocked } satisfies Built));
}

/** The index that is made where Kgent runs, of what only that machine's kernel has. */
async function buildFurther(dir: string): Promise<void> {
  const path = join(dir, 'items.jsonl');
  let total = 0;
  for (const line of linesOf(path)) if (line !== '') total++;
  const items = function* (): Generator<readonly Item[], undefined, undefined> {
    for (const line of linesOf(path)) yield [JSON.parse(line) as Item];
    return undefined;
  };
  const blocked = watchTurns();
  const began = performance.now();
  await buildInThread({ kind: 'further', out: join(dir, FURTHER), source: FURTHER, own: join(dir, OWN), total }, { items: items() });
  tellBuilt(began, blocked());
}

async function opened(dir: string): Promise<{ own: OwnIndex; further: OpenedPart }> {
  const further = join(dir, FURTHER);
  const [own, part] = await Promise.all([readOwn(join(dir, OWN)), openStable(further, { embedder: EMBEDDER, dimensions: DIMENSIONS, source: FURTHER }, (manifest) => readPart(further, manifest, 'best'))]);
  if (!own || !part) throw new Error(`The index in ${dir} cannot be opened`);
  return { own, further: part };
}

/** Opens both and asks them, in a process of its own. */
async function search(dir: string): Promise<void> {
  const before = process.memoryUsage().rss;
  const blocked = watchTurns();
  const started = performance.now();
  const { own, further } = await opened(dir);
  const parts = { own: { ...own.part, handicap: 0 }, further: { ...further, handicap: DERIVED_HANDICAP } };
  const knowledge = new LocalKnowledge(own.records, own.embedder, parts.own, [parts.further]);
  const open = performance.now() - started;
  console.log(`${own.part.items.count} described and ${further.items.count} further records; ${megabytesOf(dir).toFixed(0)} MB on disk`);
  print([
    { what: 'opened', value: open, unit: 'ms', budget: 500 },
    { what: 'longest turn of the event loop meanwhile', value: blocked(), unit: 'ms', budget: 20 },
    { what: 'memory of the opened index', value: (process.memoryUsage().rss - before) / 1e6, unit: 'MB', budget: 250 },
  ]);
  const asked = questions();
  const times: number[] = [];
  for (let round = 0; round < 3; round++) for (const question of asked) times.push(await timed(() => knowledge.search(question, { k: K })));
  const cold = summarize(times.slice(0, asked.length));
  const all = summarize(times);
  print([
    { what: `a question, p95 of ${all.count} (median ${ms(all.median)}, longest ${ms(all.most)})`, value: all.p95, unit: 'ms', budget: 10 },
    { what: `the same, when each is asked for the first time (median ${ms(cold.median)})`, value: cold.p95, unit: 'ms', budget: 10 },
  ]);
  compare(own, further, asked);
}

/** The graphs beside the truth, and beside words alone. */
function compare(own: OwnIndex, further: OpenedPart, asked: readonly string[]): void {
  const exact = exactIndex(further.vectors);
  const words = new LexicalSearch(further.lexical);
  const queries = asked.map((question) => ({ vector: own.embedder.query(question), terms: own.embedder.questionTerms(own.embedder.questionWords(question)) })).filter(({ vector }) => vector.some((x) => x !== 0));
  const took = { hnsw: [] as number[], exact: [] as number[], words: [] as number[] };
  const found = { hnsw: 0, words: 0, all: 0 };
  for (const { vector, terms } of queries) {
    const truth = measured(took.exact, () => exact.search(vector, K));
    const near = measured(took.hnsw, () => further.index.search(vector, K));
    const named = measured(took.words, () => bestOf(words.scores(terms, (term) => own.embedder.idf(`w:${term}`)), K));
    // Of equal nearness each is right: many names have the same words.
    const least = truth.at(-1)?.score ?? 0;
    found.all += truth.length;
    found.hnsw += near.filter(({ score }) => score >= least).length;
    found.words += truth.filter(({ label }) => named.some((hit) => hit.label === label)).length;
  }
  const [hnsw, all, lexical] = [summarize(took.hnsw), summarize(took.exact), summarize(took.words)];
  print([{ what: `recall@${K} of the graphs against exact search, ${queries.length} questions`, value: found.hnsw / found.all, unit: '', budget: 0.95, atLeast: true }]);
  console.log(`nearest ${K} among ${further.vectors.count}: graphs ${ms(hnsw.median)}, exact ${ms(all.median)} (${(all.median / hnsw.median).toFixed(0)} times as long), words alone ${ms(lexical.median)} (${(lexical.median / hnsw.median).toFixed(1)} times) with recall ${(found.words / found.all).toFixed(3)}`);
}

function measured<T>(times: number[], work: () => T): T {
  const started = performance.now();
  const result = work();
  times.push(performance.now() - started);
  return result;
}

function print(rows: readonly Row[]): void {
  for (const { what, value, unit, budget, atLeast } of rows) {
    const kept = atLeast ? value >= budget : value <= budget;
    console.log(`${what.padEnd(72)} ${value.toFixed(value < 10 ? 3 : 0).padStart(7)} ${unit.padEnd(2)}  ${atLeast ? 'at least' : 'budget'} ${budget}${kept ? '' : '  MISSED'}`);
  }
}

function megabytesOf(dir: string): number {
  return [OWN, FURTHER].flatMap((part) => readdirSync(join(dir, part)).map((name) => statSync(join(dir, part, name)).size)).reduce((sum, size) => sum + size, 0) / 1e6;
}

function alone(mode: string, dir: string): string {
  return execFileSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), mode, dir], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], timeout: 600_000 });
}

async function main(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'kgent-bench-'));
  try {
    writeFileSync(join(dir, 'items.jsonl'), (await fullKernelItems(RECORDS)).map((item) => JSON.stringify(item)).join('\n'));
    const own = JSON.parse(alone('own', dir)) as Built;
    const further = JSON.parse(alone('further', dir)) as Built;
    print([
      { what: `built (what is described in ${own.seconds.toFixed(1)} s)`, value: own.seconds + further.seconds, unit: 's', budget: 90 },
      { what: 'memory of the process that builds what is described, at its peak', value: own.megabytes, unit: 'MB', budget: 700 },
      { what: 'memory of the process that builds the further records, at its peak', value: further.megabytes, unit: 'MB', budget: 700 },
      { what: 'longest turn of the event loop beside the thread that builds', value: further.blocked, unit: 'ms', budget: 20 },
    ]);
    console.log(alone('search', dir));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const [mode, dir = ''] = process.argv.slice(2);
await (mode === 'own' ? buildOwn(dir) : mode === 'further' ? buildFurther(dir) : mode === 'search' ? search(dir) : main());
