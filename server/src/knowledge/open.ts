import { join } from 'node:path';
import * as z from 'zod';
import { UserError } from '../base/error.ts';
import { breathing } from './breathe.ts';
import { DIMENSIONS, Embedder, EMBEDDER } from './embed.ts';
import { exactIndex } from './exact.ts';
import { HnswGraph, loadHnsw } from './hnsw.ts';
import { indexItems, type Indexed } from './index-of.ts';
import { itemsOf } from './items.ts';
import type { Knowledge } from './knowledge.ts';
import type { Source as Loaded } from './load.ts';
import { itemTable } from './index/item-table.ts';
import { recordsOf } from './index/records.ts';
import { LocalKnowledge } from './local.ts';
import { unpackLexical, unpackModel, unpackVectors } from './stored.ts';
import { FILES, FORMAT, readManifest, readStored, vectorsUsable, type Manifest } from './store.ts';
import type { VectorIndex, Vectors } from './vector-index.ts';

/**
 * Opens an index that `buildKnowledge` wrote. What is damaged or of another version is made anew in memory
 * from the stored records; where those are missing too it throws UserError `no-knowledge`.
 * `index: 'exact'` leaves the native module alone.
 */
export async function openKnowledge({ dir, index = 'best' }: { dir: string; index?: 'best' | 'exact' }): Promise<Knowledge> {
  const manifest = await readManifest(dir);
  const records = manifest && (await readRecords(dir, manifest));
  if (!records) {
    const what = manifest ? 'is damaged' : 'is missing or of another version';
    throw new UserError('no-knowledge', `The knowledge index in ${dir} ${what}. Build it: npm run build:knowledge (or: kgent index)`);
  }
  const items = itemsOf(records.specs, records.examples);
  const stored = await readIndexed(dir, manifest, items.length);
  const indexed = stored ?? (await indexItems(items, breathing()));
  const graphDir = stored && manifest.files[FILES.graph] && (await readStored(dir, manifest, FILES.graph)) ? dir : undefined;
  const found = index === 'exact' ? exactIndex(indexed.vectors) : await bestIndex(indexed.vectors, graphDir);
  return new LocalKnowledge(recordsOf(records.specs, records.examples), new Embedder(indexed.model), { items: itemTable(items), vectors: indexed.vectors, lexical: indexed.lexical, index: found, handicap: 0 });
}

async function bestIndex(vectors: Vectors, graphDir: string | undefined): Promise<VectorIndex> {
  const hnsw = await loadHnsw();
  if (!hnsw) return exactIndex(vectors);
  const read = graphDir === undefined ? undefined : await HnswGraph.read(hnsw, join(graphDir, FILES.graph), vectors).catch(() => undefined);
  return (read ?? (await HnswGraph.build(hnsw, vectors))).index(vectors);
}

type Source = Omit<Loaded, 'hash'>;

/** Only what was validated when it was built gets here: the file's hash is the manifest's. */
async function readRecords(dir: string, manifest: Manifest): Promise<Source | undefined> {
  const bytes = await readStored(dir, manifest, FILES.items);
  if (!bytes) return undefined;
  const shape = z.object({ specs: z.array(z.custom<Source['specs'][number]>((s) => typeof s === 'object')), examples: z.array(z.custom<Source['examples'][number]>((e) => typeof e === 'object')) });
  return manifest.format === FORMAT ? shape.safeParse(JSON.parse(bytes.toString('utf8'))).data : undefined;
}

async function readIndexed(dir: string, manifest: Manifest, count: number): Promise<Indexed | undefined> {
  if (!vectorsUsable(manifest, EMBEDDER, DIMENSIONS)) return undefined;
  const [model, vectors, words] = await Promise.all([FILES.model, FILES.vectors, FILES.words].map((file) => readStored(dir, manifest, file)));
  if (!model || !vectors || !words) return undefined;
  const indexed = { model: unpackModel(model, DIMENSIONS), vectors: unpackVectors(vectors, DIMENSIONS), lexical: unpackLexical(words) };
  return indexed.vectors.count === count && indexed.lexical.count === count ? indexed : undefined;
}
