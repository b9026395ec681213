import { describe, expect, it } from 'vitest';
import { DIMENSIONS, Embedder } from './embed.ts';
import { exactIndex } from './exact.ts';
import { HnswGraph, loadHnsw } from './hnsw.ts';
import { Speller } from './spell.ts';
import { stem } from './words.ts';
import { dot, type Vectors } from './vector-index.ts';

const TEXTS = ['count system calls by process', 'latency of disk requests', 'packets dropped by the kernel', 'outgoing tcp connections', 'files opened by a program', 'memory allocated with malloc'];
const model = Embedder.learn(TEXTS.map((text) => [{ text, weight: 1 }]));
const embedder = new Embedder(model);

function nearest(question: string): string {
  const query = embedder.query(question);
  const scores = TEXTS.map((text) => dot(query, embedder.document([{ text, weight: 1 }])));
  return TEXTS[scores.indexOf(Math.max(...scores))] ?? '';
}

describe('the embedder', () => {
  it('makes unit vectors, the same every time', () => {
    const vector = embedder.document([{ text: TEXTS[0] ?? '', weight: 1 }]);
    expect(vector).toHaveLength(DIMENSIONS);
    expect(dot(vector, vector)).toBeCloseTo(1, 5);
    expect(new Embedder(structuredClone(model)).document([{ text: TEXTS[0] ?? '', weight: 1 }])).toEqual(vector);
  });

  it.each([
    ['syscalls per app', TEXTS[0]],
    ['how slow is my ssd', TEXTS[1]],
    ['lost skb', TEXTS[2]],
    ['connect to a remote host', TEXTS[3]],
    ['openat', TEXTS[4]],
    ['how much ram', TEXTS[5]],
    ['paket dropps', TEXTS[2]],
    ['sytem clals', TEXTS[0]],
  ])('takes %j to the text about it', (question, text) => {
    expect(nearest(question)).toBe(text);
  });

  it.each(['', '   ', 'the of and', '系统', '🐝', '\u0000'])('makes nothing of %j', (text) => {
    expect(embedder.query(text).every((x) => x === 0)).toBe(true);
  });
});

describe('the speller', () => {
  const speller = new Speller(['process', 'connect', 'latency', 'wake', 'open', 'retransmit', 'kprobe', 'call']);
  const correct = (word: string): string | undefined => speller.correct([{ raw: word, stem: stem(word), stop: false }])[0];

  it.each([
    ['proces', 'process'],
    ['conect', 'connect'],
    ['latncy', 'latency'],
    ['latecny', 'latency'],
    ['retransmti', 'retransmit'],
    ['retrasmitt', 'retransmit'],
    ['opne', 'open'],
    ['cals', 'call'],
    ['conectt', 'connect'],
  ])('puts %s right', (wrong, right) => {
    expect(correct(wrong)).toBe(right);
  });

  it.each(['bake', 'cake', 'process', 'xyz', 'krobe2', 'chocolate', 'größe'])('leaves %s alone', (word) => {
    expect(correct(word)).toBe(stem(word));
  });
});

describe('the two kinds of index', () => {
  /** Clustered, as real texts are; from a linear congruential generator, so that every run has the same. */
  function clusters(count: number): Vectors {
    let seed = 7;
    const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648 - 0.5;
    const centres = Array.from({ length: 20 }, () => Float32Array.from({ length: DIMENSIONS }, random));
    const data = new Float32Array(count * DIMENSIONS);
    for (let label = 0; label < count; label++) {
      const vector = Float32Array.from({ length: DIMENSIONS }, (_, i) => (centres[label % 20]?.[i] ?? 0) + random());
      const norm = Math.sqrt(dot(vector, vector));
      data.set(vector.map((x) => x / norm), label * DIMENSIONS);
    }
    return { data, dimensions: DIMENSIONS, count };
  }

  it('agree on nearly everything', async () => {
    const hnsw = await loadHnsw();
    if (!hnsw) throw new Error('hnswlib-node is not built here: run npm rebuild hnswlib-node');
    const vectors = clusters(2_000);
    const graph = (await HnswGraph.build(hnsw, vectors)).index(vectors);
    const exact = exactIndex(vectors);
    let found = 0;
    for (let label = 0; label < 100; label++) {
      const query = vectors.data.slice(label * DIMENSIONS, (label + 1) * DIMENSIONS);
      const truth = exact.search(query, 10);
      expect(truth[0]).toMatchObject({ label });
      const labels = new Set(graph.search(query, 10).map((n) => n.label));
      found += truth.filter((n) => labels.has(n.label)).length;
    }
    expect(found / 1_000).toBeGreaterThanOrEqual(0.95);
  });

  it('honour the filter and the number asked for', async () => {
    const hnsw = await loadHnsw();
    if (!hnsw) throw new Error('hnswlib-node is not built here');
    const vectors = clusters(200);
    const query = vectors.data.slice(0, DIMENSIONS);
    for (const index of [(await HnswGraph.build(hnsw, vectors)).index(vectors), exactIndex(vectors)]) {
      expect(index.search(query, 0)).toEqual([]);
      expect(index.search(query, 1_000)).toHaveLength(200);
      expect(index.search(query, 10, (label) => label % 50 === 3).map((n) => n.label).sort()).toEqual([103, 153, 3, 53]);
    }
  });

  it('can be empty', async () => {
    const none: Vectors = { data: new Float32Array(0), dimensions: DIMENSIONS, count: 0 };
    const hnsw = await loadHnsw();
    const indexes = [exactIndex(none), ...(hnsw ? [(await HnswGraph.build(hnsw, none)).index(none)] : [])];
    for (const index of indexes) expect(index.search(new Float32Array(DIMENSIONS), 10)).toEqual([]);
  });
});
