import { byScore, cosine, type Neighbour, type VectorIndex, type Vectors } from './vector-index.ts';

/** Compares with every vector: the fallback where the native module does not load, and the truth it is measured against. */
export function exactIndex(vectors: Vectors): VectorIndex {
  return {
    kind: 'exact',
    search(query, k, wanted = () => true) {
      const found: Neighbour[] = [];
      for (let label = 0; label < vectors.count; label++) {
        if (wanted(label)) found.push({ label, score: cosine(query, vectors, label) });
      }
      return found.sort(byScore).slice(0, k);
    },
  };
}
