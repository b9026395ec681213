import type { Inventory } from '../kernel/inventory.ts';
import { openInventory } from '../kernel/open.ts';
import { decodeRecord } from '../kernel/record.ts';
import { takeBundledKernel } from './bundled-kernel.ts';

/**
 * The inventory that stands in where no target is known. `dir` is `knowledge/kernels` of the product or the repository.
 * Rejects when the file is not there or damaged: the product is then not whole.
 */
export async function openBundledInventory(dir: string): Promise<Inventory> {
  const record = decodeRecord(await takeBundledKernel(dir));
  const version = record.release.replace(/[^\d.].*$/, '');
  return openInventory(record, { source: 'bundled', label: `the bundled Debian 13 kernel (${version})` });
}
