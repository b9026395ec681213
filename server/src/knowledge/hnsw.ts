import { byScore, cosine, vectorAt, type VectorIndex, type Vectors } from './vector-index.ts';

/** The part of hnswlib-node used here. Its own types cannot be imported: the package is optional. */
interface HierarchicalNSW {
  initIndex(options: { maxElements: number; m: number; efConstruction: number; randomSeed: number }): void;
  addPoint(point: number[], label: number): void;
  searchKnn(query: number[], k: number, filter?: (label: number) => boolean): { neighbors: number[] };
  setEf(ef: number): void;
  getCurrentCount(): number;
  getNumDimensions(): number;
  readIndex(file: string): Promise<boolean>;
  writeIndex(file: string): Promise<boolean>;
}

export interface HnswModule {
  readonly HierarchicalNSW: new (space: 'ip', dimensions: number) => HierarchicalNSW;
}

/** `m` and `efConstruction` as measured in docs: recall@10 stays above 0.95 of exact search. */
const BUILD = { m: 16, efConstruction: 200, randomSeed: 100 } as const;
const EF_SEARCH = 128;
/** Inserts between two pauses, so that the event loop is never held for more than some milliseconds. */
const INSERTS_AT_ONCE = 8;

/** The native module, or undefined where it was not built for this machine. */
export async function loadHnsw(): Promise<HnswModule | undefined> {
  try {
    // A name the compiler does not follow: the optional package may be absent when this is compiled.
    const name: string = 'hnswlib-node';
    const loaded = (await import(name)) as { default?: Partial<HnswModule> } & Partial<HnswModule>;
    const found = loaded.HierarchicalNSW ?? loaded.default?.HierarchicalNSW;
    return found ? { HierarchicalNSW: found } : undefined;
  } catch {
    return undefined;
  }
}

/** A graph over the vectors, built here and now. */
export class HnswGraph {
  readonly #graph: HierarchicalNSW;

  private constructor(graph: HierarchicalNSW) {
    this.#graph = graph;
  }

  static async build(module: HnswModule, vectors: Vectors, onAdded: (added: number) => void = () => {}, signal?: AbortSignal): Promise<HnswGraph> {
    const graph = new module.HierarchicalNSW('ip', vectors.dimensions);
    graph.initIndex({ maxElements: Math.max(vectors.count, 1), ...BUILD });
    for (let label = 0; label < vectors.count; label++) {
      if (label % INSERTS_AT_ONCE === 0) {
        await new Promise((resume) => setImmediate(resume));
        signal?.throwIfAborted();
      }
      graph.addPoint(Array.from(vectorAt(vectors, label)), label);
      onAdded(label + 1);
    }
    return new HnswGraph(graph);
  }

  /** Reads a file written by `write`. Throws when it does not fit the vectors. */
  static async read(module: HnswModule, file: string, vectors: Vectors): Promise<HnswGraph> {
    const graph = new module.HierarchicalNSW('ip', vectors.dimensions);
    await graph.readIndex(file);
    if (graph.getCurrentCount() !== vectors.count) throw new Error(`${file} holds ${graph.getCurrentCount()} vectors, not ${vectors.count}`);
    return new HnswGraph(graph);
  }

  async write(file: string): Promise<void> {
    await this.#graph.writeIndex(file);
  }

  /** The graph as an index; scores are computed anew, so that they equal the exact ones to the bit. */
  index(vectors: Vectors): VectorIndex {
    return {
      kind: 'hnsw',
      search: (query, k, wanted) => {
        const most = Math.min(k, vectors.count);
        if (most < 1) return [];
        this.#graph.setEf(Math.max(EF_SEARCH, most * 2));
        const { neighbors } = this.#graph.searchKnn(Array.from(query), most, wanted);
        return neighbors.map((label) => ({ label, score: cosine(query, vectors, label) })).sort(byScore);
      },
    };
  }
}
