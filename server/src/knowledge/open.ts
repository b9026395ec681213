import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../base/error.ts';
import { coverageOf, vocabularyOf, type Vocabulary } from './coverage.ts';
import { DIMENSIONS, Embedder, EMBEDDER, type EmbedderModel } from './embed.ts';
import { embedItems, ownersOf, type Embedded } from './embed-items.ts';
import { exactIndex } from './exact.ts';
import { HnswGraph, loadHnsw } from './hnsw.ts';
import { itemsOf, type Item } from './items.ts';
import type { Example, ItemKind, Knowledge, SearchHit } from './knowledge.ts';
import type { Spec } from './schema.ts';
import { FILES, readManifest, readStored, vectorsUsable, type Manifest } from './store.ts';
import type { VectorIndex, Vectors } from './vector-index.ts';

const MAX_K = 1_000;

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
  const stored = await readEmbedded(dir, manifest, items);
  const embedded = stored ?? (await embedItems(items));
  const graphDir = stored && manifest.files[FILES.graph] && (await readStored(dir, manifest, FILES.graph)) ? dir : undefined;
  const found = index === 'exact' ? exactIndex(embedded.vectors) : await bestIndex(embedded.vectors, graphDir);
  return new LocalKnowledge(records, items, embedded, found);
}

async function bestIndex(vectors: Vectors, graphDir: string | undefined): Promise<VectorIndex> {
  const hnsw = await loadHnsw();
  if (!hnsw) return exactIndex(vectors);
  const read = graphDir === undefined ? undefined : await HnswGraph.read(hnsw, join(graphDir, FILES.graph), vectors).catch(() => undefined);
  return (read ?? (await HnswGraph.build(hnsw, vectors))).index(vectors);
}

interface Records {
  readonly specs: readonly Spec[];
  readonly examples: readonly Example[];
}

/** Only what was validated when it was built gets here: the file's hash is the manifest's. */
async function readRecords(dir: string, manifest: Manifest): Promise<Records | undefined> {
  const bytes = await readStored(dir, manifest, FILES.items);
  if (!bytes) return undefined;
  const shape = z.object({ specs: z.array(z.custom<Spec>((s) => typeof s === 'object')), examples: z.array(z.custom<Example>((e) => typeof e === 'object')) });
  return manifest.format === 1 ? shape.safeParse(JSON.parse(bytes.toString('utf8'))).data : undefined;
}

async function readEmbedded(dir: string, manifest: Manifest, items: readonly Item[]): Promise<Embedded | undefined> {
  if (!vectorsUsable(manifest, EMBEDDER, DIMENSIONS)) return undefined;
  const [model, bytes] = await Promise.all([readStored(dir, manifest, FILES.model), readStored(dir, manifest, FILES.vectors)]);
  const count = items.reduce((n, item) => n + item.passages.length, 0);
  if (!model || bytes?.byteLength !== count * DIMENSIONS * 4) return undefined;
  // Copied: a Buffer need not start at a multiple of four bytes.
  const data = new Float32Array(Uint8Array.from(bytes).buffer);
  return { model: JSON.parse(model.toString('utf8')) as EmbedderModel, vectors: { data, dimensions: DIMENSIONS, count } };
}

class LocalKnowledge implements Knowledge {
  readonly #items: readonly Item[];
  readonly #owners: Uint32Array;
  readonly #embedder: Embedder;
  readonly #index: VectorIndex;
  readonly #vectors: number;
  readonly #examples: ReadonlyMap<string, Example>;
  readonly #specs: ReadonlyMap<string, Spec>;
  readonly #vocabularies = new Map<string, Vocabulary>();

  constructor(records: Records, items: readonly Item[], { vectors, model }: Embedded, index: VectorIndex) {
    this.#items = items;
    this.#owners = ownersOf(items);
    this.#embedder = new Embedder(model);
    this.#index = index;
    this.#vectors = vectors.count;
    this.#examples = new Map(records.examples.map((e) => [e.id, e]));
    this.#specs = new Map(records.specs.map((s) => [s.id, s]));
  }

  get index(): 'hnsw' | 'exact' {
    return this.#index.kind;
  }

  search(query: string, options: { k: number; kinds?: readonly ItemKind[] }): Promise<readonly SearchHit[]> {
    const k = Math.min(Math.max(Math.floor(options.k) || 0, 0), MAX_K);
    const vector = this.#embedder.query(query);
    if (k === 0 || vector.every((x) => x === 0)) return Promise.resolve([]);
    const { kinds } = options;
    const wanted = kinds && ((label: number): boolean => kinds.includes(this.#owner(label).kind));
    // Several vectors belong to one item: ask for more until there are enough items.
    for (let most = k * 4 + 16; ; most *= 4) {
      const neighbours = this.#index.search(vector, most, wanted);
      const hits = this.#hits(neighbours);
      if (hits.length >= k || neighbours.length < most || most >= this.#vectors) return Promise.resolve(hits.slice(0, k));
    }
  }

  coverage(query: string, exampleId: string): number {
    const example = this.#examples.get(exampleId);
    if (!example) return 0;
    let vocabulary = this.#vocabularies.get(exampleId);
    if (!vocabulary) {
      const { id, description, also, tags } = example;
      vocabulary = vocabularyOf([id, description, ...also, ...tags].join('\n'));
      this.#vocabularies.set(exampleId, vocabulary);
    }
    const telling = (feature: string): number | undefined => (this.#embedder.knows(feature) ? this.#embedder.idf(feature) : undefined);
    return coverageOf(this.#embedder.questionWords(query), vocabulary, telling, this.#embedder.idf(''));
  }

  example(id: string): Example | undefined {
    return this.#examples.get(id);
  }

  spec(id: string): Readonly<Record<string, unknown>> | undefined {
    return this.#specs.get(id);
  }

  #owner(label: number): Item {
    const item = this.#items[this.#owners[label] ?? -1];
    if (!item) throw new Error(`No item has the vector ${label}`);
    return item;
  }

  /** Each item once, by its best vector. */
  #hits(neighbours: readonly { label: number; score: number }[]): SearchHit[] {
    const hits = new Map<Item, SearchHit>();
    for (const { label, score } of neighbours) {
      const item = this.#owner(label);
      if (score > 0 && !hits.has(item)) hits.set(item, { id: item.id, kind: item.kind, score, summary: item.summary });
    }
    return [...hits.values()];
  }
}
