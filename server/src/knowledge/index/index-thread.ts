import { UserError } from '../../base/error.ts';
import { startWorker } from '../../base/worker.ts';
import type { Item } from '../items.ts';
import type { BuildProgress } from './build-part.ts';
import type { FromIndexThread, Job, ToIndexThread } from './messages.ts';
import { leaveNothing } from './unfinished.ts';

export interface ThreadOptions {
  /** What a job of the kind `further` indexes: asked for piece by piece, a few milliseconds each. */
  readonly items?: Iterator<readonly Item[]> | undefined;
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds spent on making items before others have a turn, and items in one message. */
const TURN_MS = 4;
const MAX_ITEMS = 500;

/**
 * Builds an index in a thread of its own. When the signal aborts, the thread ends at once, and nothing is left of what it did; when the whole
 * process is killed instead, the next build goes on from what was finished. The caller has the directory's lock.
 */
export async function buildInThread(job: Job, options: ThreadOptions): Promise<void> {
  const { signal } = options;
  signal?.throwIfAborted();
  try {
    await run(job, options);
  } catch (error) {
    if (signal?.aborted) await leaveNothing(job.out);
    throw error;
  }
}

function run(job: Job, { items, onProgress, signal }: ThreadOptions): Promise<void> {
  const worker = startWorker(import.meta.url, './thread.ts', 'index-thread', job);
  return new Promise<void>((resolve, reject) => {
    let ended = false;
    const end = (how: () => void): void => {
      if (ended) return;
      ended = true;
      signal?.removeEventListener('abort', abort);
      void worker.terminate().then(how, reject);
    };
    const abort = (): void => end(() => reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted')));
    signal?.addEventListener('abort', abort, { once: true });
    worker.on('error', (error) => end(() => reject(error)));
    worker.on('exit', () => end(() => reject(new Error('The thread that builds the index ended before it was done'))));
    worker.on('message', (message: FromIndexThread) => {
      if (message.kind === 'more') worker.postMessage(nextItems(items));
      else if (message.kind === 'progress') onProgress?.(message.progress);
      else if (message.kind === 'done') end(resolve);
      else end(() => reject(message.code === undefined ? new Error(message.message) : new UserError(message.code, message.message)));
    });
  });
}

function nextItems(batches: Iterator<readonly Item[]> | undefined): ToIndexThread {
  const items: Item[] = [];
  const began = performance.now();
  while (batches && items.length < MAX_ITEMS && (items.length === 0 || performance.now() - began < TURN_MS)) {
    const next = batches.next();
    if (next.done) break;
    items.push(...next.value);
  }
  return { items };
}
