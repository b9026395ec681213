import { BestNeighbours, cosine, type VectorIndex, type Vectors } from './vector-index.ts';

/** Compares with every vector: the fallback where the native module does not load, and the truth it is measured against. */
export function exactIndex(vectors: Vectors): VectorIndex {
  return {
    kind: 'exact',
    search(query, k, wanted) {
      const best = new BestNeighbours(k);
      for (let label = 0; label < vectors.count; label++) if (!wanted || wanted(label)) best.offer(label, cosine(query, vectors, label));
      return best.sorted();
    },
  };
}
