import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../base/error.ts';
import { DIMENSIONS, Embedder, EMBEDDER } from './embed.ts';
import { buildDescribed } from './index/build-part.ts';
import { openStable, readPart, type OpenedPart, type Wanted } from './index/open-part.ts';
import { openRecords, type Records } from './index/records.ts';
import type { Knowledge } from './knowledge.ts';
import type { LatentModel } from './latent.ts';
import { LocalKnowledge } from './local.ts';
import { FILES, isReadable, readManifest, readStored, type Manifest } from './store.ts';
import { unpackModel, unpackRecordFile } from './stored.ts';

/** The index of what is described, opened. */
export interface OwnIndex {
  /** Where it lies; a repaired one may lie elsewhere. */
  readonly dir: string;
  /** Hash of what it was built from. */
  readonly source: string;
  readonly records: Records;
  readonly embedder: Embedder;
  readonly part: OpenedPart;
  readonly model: LatentModel;
}

/** What is described in an index, also where the index itself is damaged. */
export interface OwnRecords {
  readonly source: string;
  readonly records: Records;
}

/** How an index that cannot be used is made anew: where, and by whom. Gives the directory it lies in now. */
export type Repair = (records: OwnRecords) => Promise<string>;

/** Throws UserError `no-knowledge` when there are no records. */
export async function openOwnRecords(dir: string): Promise<OwnRecords> {
  const manifest = await readManifest(dir);
  const readable = manifest && isReadable(manifest) ? manifest : undefined;
  const records = readable && (await readRecords(dir, readable));
  if (records) return { source: readable.source, records };
  const what = readable ? 'is damaged' : 'is missing or of another version';
  throw new UserError('no-knowledge', `The knowledge index in ${dir} ${what}. Build it: npm run build:knowledge; an installed Kgent has to be installed again.`);
}

/** Undefined when it is not there, not whole, or another embedder's. */
export async function readOwn(dir: string, { index, source }: Pick<Wanted, 'index' | 'source'> = {}): Promise<OwnIndex | undefined> {
  return openStable(dir, { embedder: EMBEDDER, dimensions: DIMENSIONS, source }, async (manifest) => {
    const [records, bytes, part] = await Promise.all([readRecords(dir, manifest), readStored(dir, manifest, FILES.model), readPart(dir, manifest, index)]);
    if (!records || !bytes || part?.items.count !== records.specs + records.examples) return undefined;
    const model = unpackModel(bytes, DIMENSIONS);
    // Each of the two takes a turn of its own.
    await new Promise((resume) => setImmediate(resume));
    return { dir, source: manifest.source, records, embedder: new Embedder(model), part, model };
  });
}

/** Opens the index, after `repair` when it cannot be used as it is. Throws UserError `no-knowledge` when it has no records to repair it from. */
export async function openOwn(dir: string, repair: Repair, index?: Wanted['index']): Promise<OwnIndex> {
  const opened = await readOwn(dir, { index });
  if (opened) return opened;
  const records = await openOwnRecords(dir);
  const repaired = await readOwn(await repair(records), { index, source: records.source });
  if (!repaired) throw new UserError('no-knowledge', `The knowledge index in ${dir} cannot be used, and what was built in its place was changed at once. Try again.`);
  return repaired;
}

/**
 * Opens an index that `buildKnowledge` wrote. What is damaged or of another version is made anew from the stored records, for this
 * time only. `index: 'exact'` leaves the native module alone.
 */
export async function openKnowledge({ dir, index }: { dir: string; index?: 'best' | 'exact' }): Promise<Knowledge> {
  const temporary: string[] = [];
  try {
    const own = await openOwn(dir, async (records) => {
      const out = await mkdtemp(join(tmpdir(), 'kgent-index-'));
      temporary.push(out);
      await buildDescribed(allRecords(records.records), { out, source: records.source });
      return out;
    }, index);
    return new LocalKnowledge(own.records, own.embedder, { ...own.part, handicap: 0 });
  } finally {
    for (const out of temporary) await rm(out, { recursive: true, force: true });
  }
}

/** Everything that is described, read. */
export function allRecords(records: Records): Parameters<typeof buildDescribed>[0] {
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  return {
    specs: numbers(records.specs).flatMap((i) => records.specAt(i) ?? []),
    examples: numbers(records.examples).flatMap((i) => records.exampleAt(i) ?? []),
  };
}

/** What the index in a directory learned. Throws when it cannot be used. */
export async function readOwnModel(dir: string): Promise<LatentModel> {
  const model = await openStable(dir, { embedder: EMBEDDER, dimensions: DIMENSIONS }, async (manifest) => {
    const bytes = await readStored(dir, manifest, FILES.model);
    return bytes && unpackModel(bytes, DIMENSIONS);
  });
  if (!model) throw new Error(`The index in ${dir} cannot be used`);
  return model;
}

async function readRecords(dir: string, manifest: Manifest): Promise<Records | undefined> {
  const bytes = await readStored(dir, manifest, FILES.records);
  return bytes && openRecords(unpackRecordFile(bytes));
}
