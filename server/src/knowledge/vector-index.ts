/** A neighbour: number of the vector as it was added, and its cosine similarity. */
export interface Neighbour {
  readonly label: number;
  readonly score: number;
}

/**
 * Vectors side by side, `dimensions` numbers each, of unit length, in a byte a number: the largest of each is 127, and `scales` says what one
 * step of it is worth. That costs less than a hundredth of the cosine and a quarter of the memory.
 */
export interface Vectors {
  readonly data: Int8Array;
  readonly scales: Float32Array;
  readonly dimensions: number;
  readonly count: number;
}

/** Nearest vectors to a unit vector. Both kinds of index answer alike. */
export interface VectorIndex {
  readonly kind: 'hnsw' | 'exact';
  /** At most `k`, best first, equal scores by label; only labels that `wanted` accepts. */
  search(query: Float32Array, k: number, wanted?: (label: number) => boolean): readonly Neighbour[];
}

export function emptyVectors(count: number, dimensions: number): Vectors {
  return { data: new Int8Array(count * dimensions), scales: new Float32Array(count), dimensions, count };
}

/** Puts a vector into its place. */
export function setVector({ data, scales, dimensions }: Vectors, label: number, vector: Float32Array): void {
  const largest = vector.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  scales[label] = largest / 127;
  // As it is kept, not as it was before: what is read later must give the same bytes.
  const step = scales[label] ?? 0;
  for (let i = 0; i < dimensions; i++) data[label * dimensions + i] = step === 0 ? 0 : Math.round((vector[i] ?? 0) / step);
}

export function vectorAt({ data, scales, dimensions }: Vectors, label: number): Float32Array {
  const step = scales[label] ?? 0;
  return Float32Array.from({ length: dimensions }, (_, i) => (data[label * dimensions + i] ?? 0) * step);
}

/** Adds `weight` times one of the vectors to another vector. */
export function addTo(sum: Float32Array, { data, scales, dimensions }: Vectors, label: number, weight: number): void {
  const from = label * dimensions;
  const step = weight * (scales[label] ?? 0);
  for (let i = 0; i < dimensions; i++) sum[i] = (sum[i] ?? 0) + step * (data[from + i] ?? 0);
}

/** Cosine similarity of a unit vector and one of the vectors. */
export function cosine(query: ArrayLike<number>, { data, scales, dimensions }: Vectors, label: number): number {
  const from = label * dimensions;
  let sum = 0;
  for (let i = 0; i < dimensions; i++) sum += (query[i] ?? 0) * (data[from + i] ?? 0);
  return sum * (scales[label] ?? 0);
}

/** The vector with length one; all zeros stay so. */
export function normalized(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  return norm === 0 ? vector : vector.map((x) => x / norm);
}

export function byScore(a: Neighbour, b: Neighbour): number {
  return b.score - a.score || a.label - b.label;
}

/** The best of many neighbours: as `byScore` sorts them, without keeping or sorting the others. */
export class BestNeighbours {
  readonly #most: number;
  /** A heap: the worst of them first. */
  readonly #labels: number[] = [];
  readonly #scores: number[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  offer(label: number, score: number): void {
    const size = this.#labels.length;
    if (size < this.#most) {
      this.#labels.push(label);
      this.#scores.push(score);
      this.#up(size);
    } else if (size > 0 && this.#isWorse(this.#scores[0] ?? 0, this.#labels[0] ?? 0, score, label)) {
      this.#labels[0] = label;
      this.#scores[0] = score;
      this.#down();
    }
  }

  /** Best first. */
  sorted(): Neighbour[] {
    return this.#labels.map((label, i) => ({ label, score: this.#scores[i] ?? 0 })).sort(byScore);
  }

  #isWorse(score: number, label: number, otherScore: number, otherLabel: number): boolean {
    return score < otherScore || (score === otherScore && label > otherLabel);
  }

  #worse(a: number, b: number): boolean {
    return this.#isWorse(this.#scores[a] ?? 0, this.#labels[a] ?? 0, this.#scores[b] ?? 0, this.#labels[b] ?? 0);
  }

  #up(at: number): void {
    for (let child = at; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.#worse(child, parent)) return;
      this.#swap(child, parent);
      child = parent;
    }
  }

  #down(): void {
    const size = this.#labels.length;
    for (let parent = 0; ; ) {
      let worst = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) if (child < size && this.#worse(child, worst)) worst = child;
      if (worst === parent) return;
      this.#swap(parent, worst);
      parent = worst;
    }
  }

  #swap(a: number, b: number): void {
    [this.#labels[a], this.#labels[b]] = [this.#labels[b] ?? 0, this.#labels[a] ?? 0];
    [this.#scores[a], this.#scores[b]] = [this.#scores[b] ?? 0, this.#scores[a] ?? 0];
  }
}
