import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { UserError } from '../base/error.ts';

export interface LockOptions {
  /** Milliseconds to wait for another process; then a UserError `locked`. */
  readonly waitMs: number;
  /** Ends the waiting: rejects with its reason. */
  readonly signal?: AbortSignal;
}

/** A lock that nobody refreshed for so long is left over from a killed process. At least 2,000 by the library's rule. */
const STALE_MS = 10_000;
const RETRY_MS = 25;

/**
 * Does work that only one process at a time may do with a file; the file itself need not exist, its directory is made. The lock is the directory
 * `<path>.lock`; what a killed process leaves is taken over after ten seconds. Throws a UserError when another process has it
 * for longer than `waitMs`, and the system's error where no lock can be made (a read-only directory).
 */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T> | T): Promise<T> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const release = await acquire(path, options);
  try {
    return await work();
  } finally {
    // Taken over by another process, when this one stood still: then there is nothing to release.
    await release().catch(() => undefined);
  }
}

async function acquire(path: string, { waitMs, signal }: LockOptions): Promise<() => Promise<void>> {
  const end = performance.now() + waitMs;
  for (;;) {
    signal?.throwIfAborted();
    try {
      // The library throws from a timer when a lock was taken over, which would end the process.
      return await lockfile.lock(path, { realpath: false, stale: STALE_MS, onCompromised: () => undefined });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ELOCKED')) throw error;
      if (performance.now() >= end) {
        throw new UserError('locked', `Another Kgent is writing ${path}. Try again when it is done; if none is running, remove ${path}.lock.`, { cause: error });
      }
    }
    await pause(RETRY_MS, undefined, signal ? { signal } : {});
  }
}
