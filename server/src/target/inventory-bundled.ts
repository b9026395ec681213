import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import type { Inventory } from '../kernel/inventory.ts';
import { openInventory } from '../kernel/open.ts';
import { decodeRecord } from '../kernel/record.ts';

/** Debian 13's kernel as `scripts/inventory.mjs` read it: a record, compressed with brotli. */
export const BUNDLED_KERNEL = 'debian-13.kernel.br';

/**
 * The inventory that stands in where no target is known. `dir` is `knowledge/kernels` of the product or the repository.
 * Rejects when the file is not there or damaged: the product is then not whole.
 */
export async function openBundledInventory(dir: string): Promise<Inventory> {
  const record = decodeRecord(await promisify(brotliDecompress)(await readFile(join(dir, BUNDLED_KERNEL))));
  const version = record.release.replace(/[^\d.].*$/, '');
  return openInventory(record, { source: 'bundled', label: `the bundled Debian 13 kernel (${version})` });
}
