import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';

/**
 * The directory an index lives in. The manifest is written last and holds the hash of every other file,
 * so that a half-written, damaged or foreign file is noticed before it is used (a damaged graph would
 * crash the native module).
 */
export const FORMAT = 2;

export const FILES = { items: 'items.json', model: 'embedder.bin', vectors: 'vectors.bin', words: 'words.bin', graph: 'graph.hnsw' } as const;
export type StoredFile = (typeof FILES)[keyof typeof FILES];
const MANIFEST = 'manifest.json';

const manifestSchema = z.object({
  format: z.number(),
  /** Name of the embedder that made the vectors. */
  embedder: z.string(),
  dimensions: z.number(),
  /** Hash of the knowledge folder it was built from. */
  source: z.string(),
  vectors: z.number(),
  byteOrder: z.enum(['LE', 'BE']),
  files: z.record(z.string(), z.string()),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Undefined when there is none or it is no manifest. */
export async function readManifest(dir: string): Promise<Manifest | undefined> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(join(dir, MANIFEST), 'utf8')));
  } catch {
    return undefined;
  }
}

/** A file as the manifest knows it; undefined when it is missing or differs by one bit. */
export async function readStored(dir: string, manifest: Manifest, file: StoredFile): Promise<Buffer | undefined> {
  const bytes = await readFile(join(dir, file)).catch(() => undefined);
  return bytes && manifest.files[file] === hashOf(bytes) ? bytes : undefined;
}

/** Whole files only: each is written beside its place and then moved there. */
export async function writeStored(dir: string, file: StoredFile | typeof MANIFEST, bytes: string | Uint8Array): Promise<string> {
  const temporary = join(dir, `${file}.${process.pid}.tmp`);
  await writeFile(temporary, bytes);
  await rename(temporary, join(dir, file));
  return hashOf(bytes);
}

export async function writeManifest(dir: string, manifest: Omit<Manifest, 'format' | 'byteOrder'>): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeStored(dir, MANIFEST, `${JSON.stringify({ format: FORMAT, byteOrder: endianness(), ...manifest }, null, 1)}\n`);
}

/** Vectors written on a machine of the other byte order, or by another embedder, are of no use. */
export function vectorsUsable(manifest: Manifest, embedder: string, dimensions: number): boolean {
  return manifest.format === FORMAT && manifest.embedder === embedder && manifest.dimensions === dimensions && manifest.byteOrder === endianness();
}

export function hashOf(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
