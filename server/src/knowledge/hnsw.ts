import { distinctOf, firstOf, groupsOf, membersOf, type Distinct } from './index/distinct.ts';
import { BestNeighbours, cosine, vectorAt, type Neighbour, type VectorIndex, type Vectors } from './vector-index.ts';

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

/** As measured in docs/knowledge.md: recall@10 stays above 0.95 of exact search. */
export const BUILD = { m: 16, efConstruction: 100, randomSeed: 100 } as const;
const EF_SEARCH = 128;
/** Inserts between two pauses: some milliseconds. */
const INSERTS_AT_ONCE = 16;
/**
 * Vectors in one graph. Several small graphs are built a little faster than a large one and are found in as well; each is finished, and can be
 * kept, when the next one is begun.
 */
export const IN_ONE_GRAPH = 32_768;

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

/** Where each graph over so many groups of vectors begins and ends. */
export function graphsOf(count: number): { readonly from: number; readonly to: number }[] {
  const graphs = [];
  for (let from = 0; from < count || from === 0; from += IN_ONE_GRAPH) graphs.push({ from, to: Math.min(count, from + IN_ONE_GRAPH) });
  return graphs;
}

/** Vectors of which each graph holds some: `from` and `to` are groups of the same ones. */
interface Part {
  readonly vectors: Vectors;
  readonly distinct: Distinct;
  readonly from: number;
  readonly to: number;
}

/** A graph over a part of the vectors. */
export class HnswGraph {
  readonly #graph: HierarchicalNSW;
  readonly #from: number;

  private constructor(graph: HierarchicalNSW, from: number) {
    this.#graph = graph;
    this.#from = from;
  }

  static async build(module: HnswModule, { vectors, distinct, from, to }: Part, onAdded: (added: number) => void = () => {}, signal?: AbortSignal): Promise<HnswGraph> {
    const graph = new module.HierarchicalNSW('ip', vectors.dimensions);
    graph.initIndex({ maxElements: Math.max(to - from, 1), ...BUILD });
    for (let group = from; group < to; group++) {
      if (group % INSERTS_AT_ONCE === 0) {
        await new Promise((resume) => setImmediate(resume));
        signal?.throwIfAborted();
        onAdded(group - from);
      }
      graph.addPoint(Array.from(vectorAt(vectors, firstOf(distinct, group))), group - from);
    }
    onAdded(to - from);
    return new HnswGraph(graph, from);
  }

  /** Reads a file written by `write`. Throws when it does not fit the vectors; a damaged file may end the process. */
  static async read(module: HnswModule, file: string, { vectors, from, to }: Part): Promise<HnswGraph> {
    const graph = new module.HierarchicalNSW('ip', vectors.dimensions);
    await graph.readIndex(file);
    if (graph.getCurrentCount() !== to - from) throw new Error(`${file} holds ${graph.getCurrentCount()} vectors, not ${to - from}`);
    return new HnswGraph(graph, from);
  }

  async write(file: string): Promise<void> {
    await this.#graph.writeIndex(file);
  }

  /** At most `k` groups of vectors that are near. */
  near(query: number[], k: number, ef: number, wanted: ((group: number) => boolean) | undefined): number[] {
    const from = this.#from;
    const most = Math.min(k, this.#graph.getCurrentCount());
    if (most < 1) return [];
    this.#graph.setEf(ef);
    const { neighbors } = this.#graph.searchKnn(query, most, wanted && ((group) => wanted(group + from)));
    return neighbors.map((group) => group + from);
  }
}

/** Graphs as one index; scores are computed anew, so that they equal the exact ones to the bit. */
export function hnswIndex(graphs: readonly HnswGraph[], vectors: Vectors, distinct: Distinct): VectorIndex {
  return {
    kind: 'hnsw',
    search: (query, k, wanted) => {
      const most = Math.min(k, vectors.count);
      if (most < 1) return [];
      const point = Array.from(query);
      const near = (count: number, only?: (label: number) => boolean): Neighbour[] => {
        const onlyGroups = only && ((group: number) => membersOf(distinct, group).some(only));
        const best = new BestNeighbours(most);
        for (const graph of graphs) {
          for (const group of graph.near(point, count, Math.max(EF_SEARCH, count), onlyGroups)) {
            // The vectors of a group are the same.
            const score = cosine(query, vectors, firstOf(distinct, group));
            for (const label of membersOf(distinct, group)) if (wanted?.(label) ?? true) best.offer(label, score);
          }
        }
        return best.sorted();
      };
      // The native module asks about each vector it passes, which costs more than all else: mostly nearly all are wanted.
      const found = near(wanted ? Math.ceil(most * SPARE) : most);
      return found.length >= most || !wanted ? found : near(most, wanted);
    },
  };
}

/** How many more are looked for where not all are wanted. */
const SPARE = 1.25;

/** An index that is built here and now. */
export async function buildHnsw(module: HnswModule, vectors: Vectors): Promise<VectorIndex> {
  const distinct = distinctOf(vectors);
  const graphs: HnswGraph[] = [];
  for (const part of graphsOf(groupsOf(distinct))) graphs.push(await HnswGraph.build(module, { vectors, distinct, ...part }));
  return hnswIndex(graphs, vectors, distinct);
}
