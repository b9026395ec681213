import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { readKernelTables, type KernelTables } from '../../src/knowledge/prototypes.ts';

const KERNELS = join(import.meta.dirname, '../../../test-fixtures/kernels');

/** No part of the kernel; built for one of them (scripts/kernel-data/zfs.sh). */
const ZFS = 'functions-zfs.br';

/** The releases of the kernels that specs are held against, the newest first. */
export const releases: readonly string[] = readdirSync(KERNELS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));

/** The functions, tracepoints and structs of one of them. */
export function readTables(release: string): KernelTables {
  const text = (name: string): string => brotliDecompressSync(readFileSync(join(KERNELS, release, name))).toString('latin1');
  return readKernelTables({ functions: text('functions.br') + (existsSync(join(KERNELS, release, ZFS)) ? text(ZFS) : ''), tracepoints: text('tracepoints.br'), structs: text('structs.br') });
}
