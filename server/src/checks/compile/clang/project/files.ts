import { readFile, realpath, stat } from 'node:fs/promises';

/** The files beside a program, as far as a check may look at them. */
export interface SourceFiles {
  /** The text of a file of at most `maxBytes`. Undefined when there is none, or it is larger, or no file. */
  read(path: string, maxBytes: number): Promise<string | undefined>;
  /** Whether anything is at a path. */
  exists(path: string): Promise<boolean>;
  /** Where a path leads without symbolic links; undefined when nowhere. */
  real(path: string): Promise<string | undefined>;
}

/** The files of this machine. */
export const sourceFiles: SourceFiles = {
  async read(path, maxBytes) {
    const about = await stat(path).catch(() => undefined);
    if (!about?.isFile() || about.size > maxBytes) return undefined;
    return readFile(path, 'utf8').catch(() => undefined);
  },
  exists: (path) => stat(path).then(() => true, () => false),
  real: (path) => realpath(path).catch(() => undefined),
};
