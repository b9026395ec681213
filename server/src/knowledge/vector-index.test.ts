import { describe, expect, it } from 'vitest';
import { exactIndex } from './exact.ts';
import { buildHnsw, loadHnsw } from './hnsw.ts';
import { cosine, emptyVectors, normalized, setVector, vectorAt, type Vectors } from './vector-index.ts';

const DIMENSIONS = 128;

it('a vector in bytes is nearly itself', () => {
  const vectors = emptyVectors(2, 4);
  const vector = normalized(Float32Array.of(3, -1, 0.01, 0.5));
  setVector(vectors, 1, vector);
  expect(cosine(vector, vectors, 1)).toBeCloseTo(1, 2);
  expect(cosine(vector, vectors, 0)).toBe(0);
  expect([...vectorAt(vectors, 1)].map((x, i) => Math.abs(x - (vector[i] ?? 0)) < 0.005)).toEqual([true, true, true, true]);
});

describe('the two kinds of index', () => {
  /** Clustered, as real texts are; from a linear congruential generator, so that every run has the same. */
  function clusters(count: number): Vectors {
    let seed = 7;
    const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648 - 0.5;
    const centres = Array.from({ length: 20 }, () => Float32Array.from({ length: DIMENSIONS }, random));
    const vectors = emptyVectors(count, DIMENSIONS);
    for (let label = 0; label < count; label++) {
      setVector(vectors, label, normalized(Float32Array.from({ length: DIMENSIONS }, (_, i) => (centres[label % 20]?.[i] ?? 0) + random())));
    }
    return vectors;
  }

  it('agree on nearly everything', async () => {
    const hnsw = await loadHnsw();
    if (!hnsw) throw new Error('hnswlib-node is not built here: run npm rebuild hnswlib-node');
    const vectors = clusters(2_000);
    const graph = await buildHnsw(hnsw, vectors);
    const exact = exactIndex(vectors);
    let found = 0;
    for (let label = 0; label < 100; label++) {
      const query = vectorAt(vectors, label);
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
    const query = vectorAt(vectors, 0);
    for (const index of [await buildHnsw(hnsw, vectors), exactIndex(vectors)]) {
      expect(index.search(query, 0)).toEqual([]);
      expect(index.search(query, 1_000)).toHaveLength(200);
      expect(index.search(query, 10, (label) => label % 50 === 3).map((n) => n.label).sort()).toEqual([103, 153, 3, 53]);
    }
  });

  it('can be empty', async () => {
    const none: Vectors = emptyVectors(0, DIMENSIONS);
    const hnsw = await loadHnsw();
    const indexes = [exactIndex(none), ...(hnsw ? [await buildHnsw(hnsw, none)] : [])];
    for (const index of indexes) expect(index.search(new Float32Array(DIMENSIONS), 10)).toEqual([]);
  });
});
