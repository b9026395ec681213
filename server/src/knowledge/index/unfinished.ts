import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hashOf, hashOfFile, writeWhole } from '../store.ts';

/** Inside the directory of the index, so that moving a file is renaming it. */
const FOLDER = 'unfinished';

/**
 * Pieces of an index that is being built, by what they are made of: a build that was killed goes on from them. A file's name holds the key and
 * the beginning of the hash of its content; what does not match is as if it were not there.
 */
export class Unfinished {
  readonly #dir: string;

  constructor(out: string) {
    this.#dir = join(out, FOLDER);
  }

  async bytes(key: string): Promise<Buffer | undefined> {
    const name = await this.#named(key);
    const bytes = name === undefined ? undefined : await readFile(join(this.#dir, name)).catch(() => undefined);
    return bytes && name === fileName(key, hashOf(bytes)) ? bytes : undefined;
  }

  async keep(key: string, bytes: Uint8Array): Promise<void> {
    await writeWhole(join(this.#dir, fileName(key, hashOf(bytes))), bytes);
  }

  /** The path of a file that `keepFile` made. */
  async file(key: string): Promise<string | undefined> {
    const name = await this.#named(key);
    if (name === undefined) return undefined;
    const hash = await hashOfFile(join(this.#dir, name)).catch(() => '');
    return name === fileName(key, hash) ? join(this.#dir, name) : undefined;
  }

  /** Has a file written, and gives its path. */
  async keepFile(key: string, write: (path: string) => Promise<void>): Promise<string> {
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    const temporary = join(this.#dir, `${key.slice(0, 32)}.tmp`);
    await write(temporary);
    const path = join(this.#dir, fileName(key, await hashOfFile(temporary)));
    await rename(temporary, path);
    return path;
  }

  async clear(): Promise<void> {
    await rm(this.#dir, { recursive: true, force: true });
  }

  async #named(key: string): Promise<string | undefined> {
    const names = await readdir(this.#dir).catch(() => []);
    return names.find((name) => name.startsWith(`${key.slice(0, 32)}-`));
  }
}

function fileName(key: string, hash: string): string {
  return `${key.slice(0, 32)}-${hash.slice(0, 16)}`;
}

/** Half a file, and what a later build would go on from. */
export async function leaveNothing(out: string): Promise<void> {
  await new Unfinished(out).clear();
  const names = await readdir(out).catch(() => []);
  await Promise.all(names.filter((name) => name.endsWith('.tmp')).map((name) => rm(join(out, name), { force: true })));
}
