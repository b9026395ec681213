import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { BUILD_MS, builtKnowledge } from '../../test/support/knowledge.ts';
import type { Knowledge, SearchHit } from './knowledge.ts';
import { openKnowledge } from './open.ts';
import { HELD_OUT, QUESTIONS } from './questions.test-data.ts';

let hnsw: Knowledge;
let exact: Knowledge;

beforeAll(async () => {
  const dir = await builtKnowledge();
  hnsw = await openKnowledge({ dir });
  exact = await openKnowledge({ dir, index: 'exact' });
}, BUILD_MS);

const ids = (hits: readonly SearchHit[]): string[] => hits.map((hit) => `${hit.kind} ${hit.id}`);

/** The share of questions with a right answer among the first `k`. Prints the ones without. */
async function recall(questions: typeof QUESTIONS, k: number): Promise<number> {
  const missed: string[] = [];
  for (const [question, ...wanted] of questions) {
    const hits = await hnsw.search(question, { k });
    if (!hits.some((hit) => wanted.includes(hit.id))) missed.push(question);
  }
  const share = 1 - missed.length / questions.length;
  console.log(`recall@${k} of ${questions.length} questions: ${share.toFixed(3)}${k >= 10 ? `; missed: ${missed.join(' | ') || 'none'}` : ''}`);
  return share;
}

describe('everyday questions', () => {
  it('have answers that exist', () => {
    const lost = [...QUESTIONS, ...HELD_OUT].filter(([, ...wanted]) => !wanted.some((id) => hnsw.example(id) ?? hnsw.spec(id)));
    expect(lost).toEqual([]);
  });

  it('find a right answer among the first ten', async () => {
    expect(await recall(QUESTIONS, 10)).toBeGreaterThanOrEqual(0.95);
    expect(await recall(QUESTIONS, 1)).toBeGreaterThanOrEqual(0.7);
  });

  it('do so too when nothing was tuned to them', async () => {
    expect(await recall(HELD_OUT, 10)).toBeGreaterThanOrEqual(0.85);
    expect(await recall(HELD_OUT, 1)).toBeGreaterThanOrEqual(0.5);
  });
});

describe('questions about trouble', () => {
  const questionsOf = (file: string, wanted: string) => {
    const lines = readFileSync(new URL(`../../../test-fixtures/questions/${file}.jsonl`, import.meta.url), 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as { question: string; answers: string[]; half: string }).filter(({ half }) => half === wanted);
  };
  const questions = questionsOf('attach-points', 'tuning');

  // The final half of the everyday ones is judged, too: what it misses nobody reads.
  it.each([['attach-points', 'tuning'], ['everyday', 'tuning'], ['everyday', 'final']])('%s, %s: lead to a right attach point', async (file, half) => {
    const asked = questionsOf(file, half);
    const places = await Promise.all(asked.map(async ({ question, answers }) => (await hnsw.search(question, { k: 10, kinds: ['attach-point'] })).findIndex(({ id }) => answers.includes(asFunction(id)))));
    const within = (k: number): number => places.filter((place) => place >= 0 && place < k).length / asked.length;
    console.log(`a right attach point for ${asked.length} questions (${file}, ${half}): @10 ${within(10).toFixed(3)}, @3 ${within(3).toFixed(3)}, @1 ${within(1).toFixed(3)}`);
    expect(within(10)).toBeGreaterThanOrEqual(0.95);
    expect(within(3)).toBeGreaterThanOrEqual(0.9);
    expect(within(1)).toBeGreaterThanOrEqual(0.8);
  });

  it('have no topics among their answers, unless one asks for topics', async () => {
    const [first] = questions;
    expect((await hnsw.search(first?.question ?? '', { k: 100 })).filter(({ kind }) => kind === 'topic')).toEqual([]);
    expect((await hnsw.search('my disk is slow', { k: 3, kinds: ['topic'] })).map(({ id }) => id)).toContain('topic:disk-latency');
  });
});

/** All ways to attach to a function are as good as one. */
function asFunction(id: string): string {
  return id.replace(/^(?:kretprobe|fentry|fexit):/, 'kprobe:').replace(/^rawtracepoint:/, 'tracepoint:');
}

describe('a search', () => {
  it('is answered by the native index here', () => {
    expect([hnsw.index, exact.index]).toEqual(['hnsw', 'exact']);
  });

  it('gives what exact search gives', async () => {
    let found = 0;
    let all = 0;
    for (const [question] of [...QUESTIONS, ...HELD_OUT]) {
      const truth = ids(await exact.search(question, { k: 10 }));
      const got = new Set(ids(await hnsw.search(question, { k: 10 })));
      all += truth.length;
      found += truth.filter((id) => got.has(id)).length;
    }
    console.log(`recall@10 of hnsw against exact search over ${QUESTIONS.length + HELD_OUT.length} questions: ${(found / all).toFixed(4)}`);
    expect(found / all).toBeGreaterThanOrEqual(0.95);
  });

  it('names nothing twice, best first, the same every time', async () => {
    for (const [question] of QUESTIONS) {
      const hits = await hnsw.search(question, { k: 20 });
      expect(new Set(ids(hits)).size).toBe(hits.length);
      expect(hits.map((h) => h.score)).toEqual(hits.map((h) => h.score).toSorted((a, b) => b - a));
      expect(await hnsw.search(question, { k: 20 })).toEqual(hits);
    }
  });

  it('keeps to the kinds asked for', async () => {
    for (const kinds of [['example'], ['attach-point'], ['helper', 'bpftrace']] as const) {
      for (const knowledge of [hnsw, exact]) {
        const hits = await knowledge.search('count packets', { k: 12, kinds });
        expect(hits.length).toBeGreaterThan(5);
        expect(hits.filter((h) => !(kinds as readonly string[]).includes(h.kind))).toEqual([]);
      }
    }
  });

  it.each([0, -3, NaN, 1, 7, 100_000])('for %d hits gives at most that many', async (k) => {
    const hits = await hnsw.search('tcp connections', { k });
    expect(hits.length).toBeLessThanOrEqual(Math.max(k || 0, 0));
    if (k >= 1) expect(hits.length).toBeGreaterThan(0);
  });

  it.each(['', '   ', '\n\t', '?!', 'the of and', '系统调用', 'сетевые пакеты', '🐝🐝', '\u0000\u0001', 'xqzvwk'])('for %j gives nothing, and no error', async (query) => {
    expect(await hnsw.search(query, { k: 10 })).toEqual([]);
  });

  it('finds words with accents and in other scripts beside known ones', async () => {
    expect(ids(await hnsw.search('системные вызовы: syscalls by procèss', { k: 10 }))).toContain('example syscalls-by-process');
  });

  it.each([
    ['words', 'count system calls by process '.repeat(34_000)],
    ['misspelt words', Array.from({ length: 120_000 }, (_, i) => `q${i.toString(26).replace(/\d/g, 'x')}zt`).join(' ')],
    ['one word', 'x'.repeat(1_000_000)],
    ['no words', '%$ '.repeat(350_000)],
    ['humps', 'aB'.repeat(500_000)],
  ])('takes no longer for 1 MB of %s', async (_, query) => {
    const started = performance.now();
    await hnsw.search(query, { k: 10 });
    hnsw.coverage(query, 'syscalls-by-process');
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it.each([
    ['tracepoint:sched:sched_switch', 'tracepoint:sched:sched_switch'],
    ['tracepoint:raw_syscalls:sys_enter', 'tracepoint:raw_syscalls:sys_enter'],
    ['BPF_map_lookup_elem()', 'bpf_map_lookup_elem'],
    ['hist', 'hist()'],
    ['comm', 'comm'],
    ['what about kprobe:tcp_connect?', 'kprobe:tcp_connect'],
    ['struct sock.__sk_common.skc_dport', 'struct sock.__sk_common.skc_dport'],
  ])('finds %j first, by its own name', async (query, id) => {
    for (const knowledge of [hnsw, exact]) expect((await knowledge.search(query, { k: 3 }))[0]).toMatchObject({ id, score: 1 });
  });

  it('does not take everyday words for names', async () => {
    expect((await hnsw.search('count packets', { k: 1 }))[0]?.id).not.toBe('count()');
    expect(await hnsw.search('kprobe:tcp_connect', { k: 1, kinds: ['helper'] })).not.toMatchObject([{ score: 1 }]);
  });
});
