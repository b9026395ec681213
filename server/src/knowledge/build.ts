import { readFile, rename, rm, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { breathing } from './breathe.ts';
import { DIMENSIONS, EMBEDDER } from './embed.ts';
import { HnswGraph, loadHnsw } from './hnsw.ts';
import { indexItems } from './index-of.ts';
import { itemsOf } from './items.ts';
import { loadSource } from './load.ts';
import { packLexical, packModel, packVectors } from './stored.ts';
import { FILES, hashOf, readManifest, readStored, vectorsUsable, writeManifest, writeStored, type Manifest } from './store.ts';

export interface BuildOptions {
  /** The folder with `examples/` and `specs/`. */
  readonly source: string;
  /** The directory to write to; made when missing. Only the index's own files in it are touched. */
  readonly out: string;
  readonly onProgress?: (progress: { readonly step: 'embedding' | 'indexing'; readonly done: number; readonly total: number }) => void;
  readonly signal?: AbortSignal;
}

export interface BuildResult {
  /** False: everything there was up to date. */
  readonly built: boolean;
  readonly specs: number;
  readonly examples: number;
  /** `exact`: the native module does not load here, and no graph was written. */
  readonly index: 'hnsw' | 'exact';
}

/** Builds the index unless the one in `out` is of the same content. Throws UserError `bad-knowledge` for mistakes in the source. */
export async function buildKnowledge({ source, out, onProgress, signal }: BuildOptions): Promise<BuildResult> {
  const { specs, examples, hash } = await loadSource(source);
  const hnsw = await loadHnsw();
  const result = { specs: specs.length, examples: examples.length, index: hnsw ? 'hnsw' : 'exact' } as const;
  if (await isCurrent(out, hash, hnsw !== undefined)) return { built: false, ...result };

  const items = itemsOf(specs, examples);
  const { vectors, model, lexical } = await indexItems(items, breathing(signal), (done) => onProgress?.({ step: 'embedding', done, total: items.length }));
  await mkdir(out, { recursive: true });
  const files: Manifest['files'] = {
    [FILES.items]: await writeStored(out, FILES.items, JSON.stringify({ specs, examples })),
    [FILES.model]: await writeStored(out, FILES.model, packModel(model)),
    [FILES.vectors]: await writeStored(out, FILES.vectors, packVectors(vectors)),
    [FILES.words]: await writeStored(out, FILES.words, packLexical(lexical)),
  };
  if (hnsw) {
    const graph = await HnswGraph.build(hnsw, vectors, (done) => onProgress?.({ step: 'indexing', done, total: vectors.count }), signal);
    files[FILES.graph] = await writeGraph(out, graph);
  } else {
    await rm(join(out, FILES.graph), { force: true });
  }
  await writeManifest(out, { embedder: EMBEDDER, dimensions: DIMENSIONS, source: hash, vectors: vectors.count, files });
  return { built: true, ...result };
}

async function isCurrent(out: string, hash: string, withGraph: boolean): Promise<boolean> {
  const manifest = await readManifest(out);
  if (!manifest || manifest.source !== hash || !vectorsUsable(manifest, EMBEDDER, DIMENSIONS)) return false;
  const wanted = [FILES.items, FILES.model, FILES.vectors, FILES.words, ...(withGraph ? [FILES.graph] : [])];
  const found = await Promise.all(wanted.map((file) => readStored(out, manifest, file)));
  return found.every((bytes) => bytes !== undefined);
}

async function writeGraph(out: string, graph: HnswGraph): Promise<string> {
  const temporary = join(out, `${FILES.graph}.${process.pid}.tmp`);
  await graph.write(temporary);
  const hash = hashOf(await readFile(temporary));
  await rename(temporary, join(out, FILES.graph));
  return hash;
}

