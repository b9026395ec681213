import { exactIndex } from '../exact.ts';
import { graphsOf, HnswGraph, hnswIndex, loadHnsw } from '../hnsw.ts';
import type { LexicalIndex } from '../lexical.ts';
import { FILES, pathOf, isStored, readManifest, readStored, vectorsUsable, type Manifest, type StoredFile } from '../store.ts';
import { unpackItems, unpackLexical, unpackVectors } from '../stored.ts';
import type { VectorIndex, Vectors } from '../vector-index.ts';
import { groupsOf, type Distinct } from './distinct.ts';
import { openItems, type ItemTable } from './item-table.ts';

/** What an index must have been made by to be of use. */
export interface Wanted {
  readonly embedder: string;
  /** Any when absent. */
  readonly dimensions?: number | undefined;
  /** Hash of what it was built from; any when absent. */
  readonly source?: string | undefined;
  /** `exact` leaves the native module alone. */
  readonly index?: 'best' | 'exact' | undefined;
}

export interface OpenedVectors {
  readonly manifest: Manifest;
  readonly vectors: Vectors;
  readonly index: VectorIndex;
}

export interface OpenedPart extends OpenedVectors {
  readonly items: ItemTable;
  readonly lexical: LexicalIndex;
}

/** Another window may replace an index while it is read; then it is read again. */
const MAX_TRIES = 3;

/** Reads what `read` reads of an index, again when the index was replaced meanwhile. Undefined when there is none that is whole and as wanted. */
export async function openStable<T>(dir: string, wanted: Wanted, read: (manifest: Manifest) => Promise<T | undefined>): Promise<T | undefined> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const manifest = await readManifest(dir);
    if (!manifest || !vectorsUsable(manifest, wanted.embedder, wanted.dimensions ?? manifest.dimensions) || (wanted.source ?? manifest.source) !== manifest.source) return undefined;
    const opened = await read(manifest).catch(() => undefined);
    if (opened) return opened;
    const now = await readManifest(dir);
    if (JSON.stringify(now) === JSON.stringify(manifest)) return undefined;
  }
  return undefined;
}

/** The vectors of an index with what finds among them; undefined when anything of it is missing or damaged. */
export async function readVectors(dir: string, manifest: Manifest, index: Wanted['index']): Promise<OpenedVectors | undefined> {
  const bytes = await readStored(dir, manifest, FILES.vectors);
  if (!bytes) return undefined;
  const { vectors, distinct } = unpackVectors(bytes, manifest.dimensions);
  if (vectors.count !== manifest.vectors) return undefined;
  const found = await readIndex(dir, manifest, vectors, distinct, index);
  return found && { manifest, vectors, index: found };
}

export async function readPart(dir: string, manifest: Manifest, index: Wanted['index']): Promise<OpenedPart | undefined> {
  const [items, words, found] = await Promise.all([readStored(dir, manifest, FILES.items), readStored(dir, manifest, FILES.words), readVectors(dir, manifest, index)]);
  if (!items || !words || !found) return undefined;
  const part = { ...found, items: openItems(unpackItems(items)), lexical: unpackLexical(words) };
  return part.items.count === manifest.vectors && part.lexical.count === manifest.vectors ? part : undefined;
}

/** Exact where there is no native module, or none was there when it was built. */
async function readIndex(dir: string, manifest: Manifest, vectors: Vectors, distinct: Distinct, index: Wanted['index']): Promise<VectorIndex | undefined> {
  const hnsw = index === 'exact' || manifest.files['graph.0'] === undefined ? undefined : await loadHnsw();
  if (!hnsw) return exactIndex(vectors);
  const graphs: HnswGraph[] = [];
  for (const [i, part] of graphsOf(groupsOf(distinct)).entries()) {
    const file: StoredFile = `graph.${i}`;
    const path = pathOf(dir, manifest, file);
    if (path === undefined || !(await isStored(dir, manifest, file))) return undefined;
    graphs.push(await HnswGraph.read(hnsw, path, { vectors, distinct, ...part }));
  }
  return hnswIndex(graphs, vectors, distinct);
}
