import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { breathing } from '../breathe.ts';
import { DIMENSIONS, Embedder, EMBEDDER } from '../embed.ts';
import { BUILD, graphsOf, HnswGraph, loadHnsw, type HnswModule } from '../hnsw.ts';
import { itemsOf, type Item } from '../items.ts';
import type { LatentModel } from '../latent.ts';
import type { Source } from '../load.ts';
import { commitManifest, FILES, hashOf, moveStored, writeStored, type Manifest } from '../store.ts';
import { packItems, packLexical, packModel, packRecordFile, packVectors, unpackModel } from '../stored.ts';
import type { Vectors } from '../vector-index.ts';
import { distinctOf, firstOf, groupsOf, type Distinct } from './distinct.ts';
import { ItemIndexer } from './indexer.ts';
import { packRecords } from './records.ts';
import { Unfinished } from './unfinished.ts';

export interface BuildProgress {
  readonly step: 'learning' | 'embedding' | 'indexing';
  readonly done: number;
  /** Never less than `done`; zero when nobody can tell. */
  readonly total: number;
}

export interface PartOptions {
  /** The directory to write to; made when missing. Only the index's own files in it are touched. */
  readonly out: string;
  /** Hash of what it is built from. */
  readonly source: string;
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

type Files = Manifest['files'];

/** Items indexed in one turn. */
const AT_ONCE = 64;

/** Builds the index of what is described, and what else is embedded by: learned from the same records. */
export async function buildDescribed({ specs, examples }: Omit<Source, 'hash'>, options: PartOptions): Promise<void> {
  const items = itemsOf(specs, examples);
  const unfinished = new Unfinished(options.out);
  const model = await learned(items, unfinished, options);
  const indexer = new ItemIndexer(new Embedder(model));
  await indexAll(indexer, inBatches(items), items.length, options);
  const { out } = options;
  await mkdir(out, { recursive: true });
  const files: Files = {
    [FILES.records]: await writeStored(out, FILES.records, packRecordFile(packRecords(specs, examples))),
    [FILES.model]: await writeStored(out, FILES.model, packModel(model)),
  };
  await finish(indexer, files, options);
}

/** Builds the index of further items by what was learned from the described ones. */
export async function buildFurther(batches: AsyncIterable<readonly Item[]>, total: number, model: LatentModel, options: PartOptions): Promise<void> {
  const indexer = new ItemIndexer(new Embedder(model));
  await indexAll(indexer, batches, total, options);
  await mkdir(options.out, { recursive: true });
  await finish(indexer, {}, options);
}

/** Builds the index of vectors that another embedder made: the words are in the index beside which it is used. */
export async function buildVectors(vectors: Vectors, embedder: string, options: PartOptions): Promise<void> {
  await mkdir(options.out, { recursive: true });
  await writeVectors(vectors, embedder, {}, options);
}

/** Seconds of work, so it is kept as soon as it is there. */
async function learned(items: readonly Item[], unfinished: Unfinished, { source, onProgress, signal }: PartOptions): Promise<LatentModel> {
  const key = hashOf(`${EMBEDDER} ${source}`);
  const kept = await unfinished.bytes(key);
  if (kept) return unpackModel(kept, DIMENSIONS);
  onProgress?.({ step: 'learning', done: 0, total: 0 });
  const model = await Embedder.learn(items.map((item) => item.fields), breathing(signal));
  await unfinished.keep(key, packModel(model));
  return model;
}

async function indexAll(indexer: ItemIndexer, batches: AsyncIterable<readonly Item[]>, total: number, { onProgress, signal }: PartOptions): Promise<void> {
  for await (const batch of batches) {
    signal?.throwIfAborted();
    for (const item of batch) indexer.add(item);
    onProgress?.({ step: 'embedding', done: indexer.count, total: Math.max(total, indexer.count) });
  }
}

async function* inBatches(items: readonly Item[]): AsyncIterable<readonly Item[]> {
  for (let from = 0; from < items.length; from += AT_ONCE) {
    yield items.slice(from, from + AT_ONCE);
    await new Promise((resume) => setImmediate(resume));
  }
}

async function finish(indexer: ItemIndexer, files: Files, options: PartOptions): Promise<void> {
  const { out } = options;
  const { items, vectors, lexical } = indexer.finish();
  const own: Files = {
    [FILES.items]: await writeStored(out, FILES.items, packItems(items)),
    [FILES.words]: await writeStored(out, FILES.words, packLexical(lexical)),
  };
  await writeVectors(vectors, EMBEDDER, { ...files, ...own }, options);
}

async function writeVectors(vectors: Vectors, embedder: string, others: Files, options: PartOptions): Promise<void> {
  const { out, source } = options;
  const unfinished = new Unfinished(out);
  const distinct = distinctOf(vectors);
  const hnsw = await loadHnsw();
  const paths = hnsw ? await graphFiles(hnsw, vectors, distinct, unfinished, options) : [];
  const files: Files = { ...others, [FILES.vectors]: await writeStored(out, FILES.vectors, packVectors(vectors, distinct)) };
  for (const [i, path] of paths.entries()) files[`graph.${i}`] = await moveStored(out, `graph.${i}`, path);
  await commitManifest(out, { embedder, dimensions: vectors.dimensions, source, vectors: vectors.count, files });
  await unfinished.clear();
}

async function graphFiles(hnsw: HnswModule, vectors: Vectors, distinct: Distinct, unfinished: Unfinished, { onProgress, signal }: PartOptions): Promise<string[]> {
  const paths: string[] = [];
  const total = groupsOf(distinct);
  for (const { from, to } of graphsOf(total)) {
    const part = { vectors, distinct, from, to };
    const key = graphKey(part);
    const tell = (added: number): void => onProgress?.({ step: 'indexing', done: from + added, total });
    const kept = await unfinished.file(key);
    paths.push(kept ?? (await unfinished.keepFile(key, async (path) => (await HnswGraph.build(hnsw, part, tell, signal)).write(path))));
    tell(to - from);
  }
  return paths;
}

/** What a graph depends on. */
function graphKey({ vectors, distinct, from, to }: Parameters<typeof HnswGraph.build>[1]): string {
  const { data, dimensions } = vectors;
  const hash = createHash('sha256').update(JSON.stringify({ BUILD, dimensions, from, to }));
  for (let group = from; group < to; group++) {
    const label = firstOf(distinct, group);
    hash.update(data.subarray(label * dimensions, (label + 1) * dimensions));
  }
  return hash.digest('hex');
}
