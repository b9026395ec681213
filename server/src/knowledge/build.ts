import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../target/lock.ts';
import { DIMENSIONS, EMBEDDER } from './embed.ts';
import { loadHnsw } from './hnsw.ts';
import { buildDescribed, type PartOptions } from './index/build-part.ts';
import { openStable } from './index/open-part.ts';
import { leaveNothing } from './index/unfinished.ts';
import { loadSource } from './load.ts';
import { isStored, type StoredFile } from './store.ts';

export interface BuildOptions extends Pick<PartOptions, 'out' | 'onProgress' | 'signal'> {
  /** The folder with `examples/` and `specs/`. */
  readonly source: string;
}

export interface BuildResult {
  /** False: everything there was up to date. */
  readonly built: boolean;
  readonly specs: number;
  readonly examples: number;
  /** `exact`: the native module does not load here, and no graph was written. */
  readonly index: 'hnsw' | 'exact';
}

/** Longer than any build takes. */
export const LOCK_WAIT_MS = 600_000;

/** One at a time writes to a directory. */
export function whileBuilding<T>(out: string, options: { readonly waitMs: number; readonly signal?: AbortSignal | undefined }, work: () => Promise<T>): Promise<T> {
  return withLock(join(out, 'build'), { waitMs: options.waitMs, ...(options.signal ? { signal: options.signal } : {}) }, work);
}

/** Builds the index unless the one in `out` is of the same content. Throws UserError `bad-knowledge` for mistakes in the source. */
export async function buildKnowledge({ source, out, onProgress, signal }: BuildOptions): Promise<BuildResult> {
  const { specs, examples, hash } = await loadSource(source);
  const hnsw = await loadHnsw();
  await mkdir(out, { recursive: true });
  const built = await whileBuilding(out, { waitMs: LOCK_WAIT_MS, signal }, async () => {
    if (await isWhole(out, hash, hnsw !== undefined)) return false;
    try {
      await buildDescribed({ specs, examples }, { out, source: hash, onProgress, signal });
    } catch (error) {
      if (signal?.aborted) await leaveNothing(out);
      throw error;
    }
    return true;
  });
  return { built, specs: specs.length, examples: examples.length, index: hnsw ? 'hnsw' : 'exact' };
}

/** Whether an index is of this source, and every file of it as it was written. */
async function isWhole(out: string, source: string, withGraph: boolean): Promise<boolean> {
  const whole = await openStable(out, { embedder: EMBEDDER, dimensions: DIMENSIONS, source }, async (manifest) => {
    if (withGraph !== (manifest.files['graph.0'] !== undefined)) return undefined;
    const found = await Promise.all(Object.keys(manifest.files).map((file) => isStored(out, manifest, file as StoredFile)));
    return found.every(Boolean) || undefined;
  });
  return whole ?? false;
}
