import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { Facts } from '../kernel/facts.ts';
import { decodeRecord, encodeRecord, type KernelRecord } from '../kernel/record.ts';
import { readRemembered, type Remembered } from './remembered.ts';

export interface StoreOptions {
  /** A directory of our own; it is made when there is something to keep. */
  readonly dir: string;
  readonly log: Log;
  /** Bytes of all kernels together; the ones not used for longest go first. A kernel takes 3 MB. */
  readonly maxBytes?: number;
  /** Now, in milliseconds. */
  readonly clock?: () => number;
}

const MAX_BYTES = 64 * 1024 * 1024;
/** More than any kernel; what unpacks to more is damaged. */
const MAX_RECORD = 512 * 1024 * 1024;
const KERNEL = '.kernel.gz';

/**
 * What was read of kernels, by their ids, and what was known of targets: kept between sessions, shared by editors and
 * terminals. Files are written whole or not at all. What is damaged is as if it were not there; nothing here ever fails.
 */
export class InventoryStore {
  readonly #options: StoreOptions;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  async kernel(kernelId: string): Promise<KernelRecord | undefined> {
    if (kernelId === '') return undefined;
    const path = this.#kernelPath(kernelId);
    const file = await readFile(path).catch(() => undefined);
    if (!file) return undefined;
    try {
      const record = decodeRecord(await promisify(gunzip)(file, { maxOutputLength: MAX_RECORD }));
      const now = new Date(this.#now());
      await utimes(path, now, now).catch(() => undefined);
      return record.kernelId === kernelId ? record : undefined;
    } catch (error) {
      this.#options.log.warn(`What was kept of a kernel is damaged and will be read again: ${path}: ${describeError(error)}`);
      await rm(path, { force: true }).catch(() => undefined);
      return undefined;
    }
  }

  async keepKernel(record: KernelRecord): Promise<void> {
    if (record.kernelId === undefined || record.kernelId === '') return;
    const path = this.#kernelPath(record.kernelId);
    // Fast: it is read at each start. The best compression saves a fifth and takes ten times as long.
    await this.#write(path, await promisify(gzip)(encodeRecord(record), { level: 1 }));
    await this.#dropOldest(path);
  }

  async forgetKernel(kernelId: string): Promise<void> {
    await rm(this.#kernelPath(kernelId), { force: true }).catch(() => undefined);
  }

  /** What was known of a target when it was last asked. */
  async target(name: string): Promise<Remembered | undefined> {
    const text = await readFile(this.#targetPath(name), 'utf8').catch(() => undefined);
    const remembered = text === undefined ? undefined : readRemembered(text);
    return remembered?.name === name ? remembered : undefined;
  }

  async keepTarget(name: string, facts: Facts): Promise<void> {
    const remembered: Remembered = { name, at: this.#now(), facts };
    await this.#write(this.#targetPath(name), JSON.stringify(remembered));
  }

  /** A name that now means another machine, or none. */
  async forgetTarget(name: string): Promise<void> {
    await rm(this.#targetPath(name), { force: true }).catch(() => undefined);
  }

  #kernelPath(kernelId: string): string {
    return join(this.#options.dir, 'kernels', `${/^[\w.+-]{1,100}$/.test(kernelId) ? kernelId : hashOf(kernelId)}${KERNEL}`);
  }

  #targetPath(name: string): string {
    return join(this.#options.dir, 'targets', `${hashOf(name)}.json`);
  }

  #now(): number {
    return (this.#options.clock ?? Date.now)();
  }

  async #write(path: string, content: string | Uint8Array): Promise<void> {
    const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
    try {
      await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
      await writeFile(temporary, content, { mode: 0o600, flag: 'wx' });
      const now = new Date(this.#now());
      await utimes(temporary, now, now);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      this.#options.log.warn(`What is known of a target could not be kept for the next time: ${describeError(error)}`);
    }
  }

  /** Also what a process that was killed left half written. */
  async #dropOldest(kept: string): Promise<void> {
    const dir = join(this.#options.dir, 'kernels');
    const names = await readdir(dir).catch(() => []);
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(dir, name);
        const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: Infinity }));
        return { path, size, mtimeMs, whole: name.endsWith(KERNEL) };
      }),
    );
    let room = this.#options.maxBytes ?? MAX_BYTES;
    for (const { path, size, mtimeMs, whole } of files.toSorted((a, b) => Number(b.path === kept) - Number(a.path === kept) || b.mtimeMs - a.mtimeMs)) {
      room -= size;
      const abandoned = !whole && this.#now() - mtimeMs > ABANDONED_MS;
      if (path !== kept && (room < 0 || abandoned)) await rm(path, { force: true }).catch(() => undefined);
    }
  }
}

/** Nobody writes a file for as long. */
const ABANDONED_MS = 3_600_000;

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
