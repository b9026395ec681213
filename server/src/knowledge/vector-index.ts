/** A neighbour: number of the vector as it was added, and its cosine similarity. */
export interface Neighbour {
  readonly label: number;
  readonly score: number;
}

/** Vectors side by side in one array, `dimensions` numbers each, all of unit length. */
export interface Vectors {
  readonly data: Float32Array;
  readonly dimensions: number;
  readonly count: number;
}

/** Nearest vectors to a unit vector. Both kinds of index answer alike. */
export interface VectorIndex {
  readonly kind: 'hnsw' | 'exact';
  /** At most `k`, best first, equal scores by label; only labels that `wanted` accepts. */
  search(query: Float32Array, k: number, wanted?: (label: number) => boolean): readonly Neighbour[];
}

export function vectorAt(vectors: Vectors, label: number): Float32Array {
  return vectors.data.subarray(label * vectors.dimensions, (label + 1) * vectors.dimensions);
}

/** Cosine similarity of unit vectors. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

export function byScore(a: Neighbour, b: Neighbour): number {
  return b.score - a.score || a.label - b.label;
}
