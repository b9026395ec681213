import { createHash, randomBytes, type Hash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';

/**
 * The directory an index lives in. Files are named after their content and never written twice, so that who has read the manifest finds
 * what it speaks of, or nothing. The manifest is written last and holds the hash of every other file: what is half written, damaged or foreign is
 * noticed before it is used (a damaged graph would crash the native module).
 */
export const FORMAT = 8;

/** What the files of an index are for. There are as many `graph.N` as are needed. */
export const FILES = { records: 'records', model: 'embedder', items: 'items', vectors: 'vectors', words: 'words' } as const;
export type StoredFile = (typeof FILES)[keyof typeof FILES] | `graph.${number}`;
const MANIFEST = 'manifest.json';
/** Files of this and of earlier formats, and what was left half written. */
const OWN = /^(?:records|embedder|items|vectors|words|graph(?:\.\d+)?)(?:-[0-9a-f]{16})?\.(?:bin|json|hnsw)$|^(?:manifest|records|embedder|items|vectors|words|graph).*\.tmp$/;

const manifestSchema = z.object({
  format: z.number(),
  /** Name of the embedder that made the vectors. */
  embedder: z.string(),
  dimensions: z.number().int().positive(),
  /** Hash of what it was built from. */
  source: z.string(),
  vectors: z.number().int().nonnegative(),
  byteOrder: z.enum(['LE', 'BE']),
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Undefined when there is none or it is no manifest. */
export async function readManifest(dir: string): Promise<Manifest | undefined> {
  try {
    const bytes = await readAll(join(dir, MANIFEST));
    return manifestSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    return undefined;
  }
}

/** Where a file of the index is. */
export function pathOf(dir: string, manifest: Pick<Manifest, 'files'>, file: StoredFile): string | undefined {
  const hash = manifest.files[file];
  return hash === undefined ? undefined : join(dir, nameOf(file, hash));
}

/** A file as the manifest knows it; undefined when it is missing or differs by one bit. Read and compared in small pieces. */
export async function readStored(dir: string, manifest: Pick<Manifest, 'files'>, file: StoredFile): Promise<Buffer | undefined> {
  const path = pathOf(dir, manifest, file);
  const hash = createHash('sha256');
  const bytes = path === undefined ? undefined : await readAll(path, hash).catch(() => undefined);
  return bytes && manifest.files[file] === hash.digest('hex') ? bytes : undefined;
}

/** Whether a file is what the manifest says, without keeping it. */
export async function isStored(dir: string, manifest: Pick<Manifest, 'files'>, file: StoredFile): Promise<boolean> {
  const path = pathOf(dir, manifest, file);
  const hash = path === undefined ? undefined : await hashOfFile(path).catch(() => undefined);
  return hash !== undefined && hash === manifest.files[file];
}

/** Writes a file whole or not at all; gives the hash that the manifest has to know. */
export async function writeStored(dir: string, file: StoredFile, bytes: Uint8Array): Promise<string> {
  const hash = hashOf(bytes);
  await writeWhole(join(dir, nameOf(file, hash)), bytes);
  return hash;
}

/** Takes a file that lies in a directory of the same file system into the index. */
export async function moveStored(dir: string, file: StoredFile, from: string): Promise<string> {
  const hash = await hashOfFile(from);
  await rename(from, join(dir, nameOf(file, hash)));
  return hash;
}

/** From here on the files count. What was there before and counts no longer is removed; other people's files are left alone. */
export async function commitManifest(dir: string, manifest: Omit<Manifest, 'format' | 'byteOrder'>): Promise<void> {
  await writeWhole(join(dir, MANIFEST), `${JSON.stringify({ format: FORMAT, byteOrder: endianness(), ...manifest }, null, 1)}\n`);
  const wanted = new Set(Object.entries(manifest.files).map(([file, hash]) => nameOf(file as StoredFile, hash)));
  const present = await readdir(dir).catch(() => []);
  await Promise.all(present.filter((name) => OWN.test(name) && !wanted.has(name)).map((name) => rm(join(dir, name), { force: true }).catch(() => undefined)));
}

/** Vectors written on a machine of the other byte order, or by another embedder, are of no use. */
export function vectorsUsable(manifest: Manifest, embedder: string, dimensions: number): boolean {
  return isReadable(manifest) && manifest.embedder === embedder && manifest.dimensions === dimensions;
}

/** Files of other formats or of the other byte order mean something else. */
export function isReadable(manifest: Manifest): boolean {
  return manifest.format === FORMAT && manifest.byteOrder === endianness();
}

export function hashOf(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await eachPiece(path, (piece) => void hash.update(piece));
  return hash.digest('hex');
}

/** Beside its place first, then moved there. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  try {
    await writeFile(temporary, content, { flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

function nameOf(file: StoredFile, hash: string): string {
  return `${file}-${hash.slice(0, 16)}.${file.startsWith('graph') ? 'hnsw' : 'bin'}`;
}

/** Bytes read and compared in one turn: about two milliseconds. */
const PIECE = 2 * 1024 * 1024;

async function readAll(path: string, hash?: Hash): Promise<Buffer> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const bytes = Buffer.allocUnsafeSlow(size);
    let at = 0;
    while (at < size) {
      const { bytesRead } = await file.read(bytes, at, Math.min(PIECE, size - at), at);
      if (bytesRead === 0) break;
      hash?.update(bytes.subarray(at, at + bytesRead));
      at += bytesRead;
    }
    return bytes.subarray(0, at);
  } finally {
    await file.close();
  }
}

async function eachPiece(path: string, take: (piece: Uint8Array) => void): Promise<void> {
  const file = await open(path);
  try {
    const piece = Buffer.allocUnsafe(PIECE);
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, PIECE);
      if (bytesRead === 0) return;
      take(piece.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
