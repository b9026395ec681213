import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

/** Debian 13's kernel as `scripts/inventory.mjs` read it: a record, compressed with brotli. */
export const BUNDLED_KERNEL = 'debian-13.kernel.br';

/** In pieces of the usual 16 KiB it takes twice as long; most of it comes in one of these. */
const PIECE = { chunkSize: 12 * 1024 * 1024 };

const begun = new Map<string, Promise<Uint8Array>>();

/**
 * The record of the kernel that comes with Kgent, from `dir`. It is unpacked in a thread of its own: whoever will need it
 * begins early, and takes it when the rest of the program is loaded. Rejects when the file is not there or damaged.
 */
export function readBundledKernel(dir: string): Promise<Uint8Array> {
  const reading = begun.get(dir) ?? readFile(join(dir, BUNDLED_KERNEL)).then((packed) => promisify(brotliDecompress)(packed, PIECE));
  begun.set(dir, reading);
  return reading;
}

/** As `readBundledKernel`; it is not kept any longer. */
export function takeBundledKernel(dir: string): Promise<Uint8Array> {
  const reading = readBundledKernel(dir);
  begun.delete(dir);
  return reading;
}
