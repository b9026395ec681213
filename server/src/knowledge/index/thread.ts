/** The thread that builds an index: that takes half a minute, during which the server must answer. It ends with its job. */
import { parentPort, workerData } from 'node:worker_threads';
import { describeError, UserError } from '../../base/error.ts';
import type { Item } from '../items.ts';
import { allRecords, openOwnRecords, readOwnModel } from '../open.ts';
import { buildDescribed, buildFurther, buildVectors, type BuildProgress } from './build-part.ts';
import type { FromIndexThread, Job, ToIndexThread } from './messages.ts';

/** Progress is told at most this often, in milliseconds. */
const TELL_MS = 100;

const port = parentPort;
const tell = (message: FromIndexThread): void => port?.postMessage(message);
let told = 0;
let taken: (items: readonly Item[]) => void = () => undefined;
// As long as it listens, the thread lives.
port?.on('message', ({ items }: ToIndexThread) => taken(items));

function onProgress(progress: BuildProgress): void {
  const now = performance.now();
  if (now - told < TELL_MS && progress.done !== progress.total) return;
  told = now;
  tell({ kind: 'progress', progress });
}

/** Items come when they are asked for, so that never many of them wait. */
async function* sentItems(): AsyncIterable<readonly Item[]> {
  while (port) {
    tell({ kind: 'more' });
    const items = await new Promise<readonly Item[]>((resolve) => (taken = resolve));
    if (items.length === 0) return;
    yield items;
  }
}

async function work(job: Job): Promise<void> {
  const options = { out: job.out, source: job.source, onProgress };
  switch (job.kind) {
    case 'described':
      return buildDescribed(allRecords((await openOwnRecords(job.records)).records), options);
    case 'further':
      return buildFurther(sentItems(), job.total, await readOwnModel(job.own), options);
    case 'vectors': {
      const { data, scales, dimensions, embedder } = job;
      return buildVectors({ data, scales, dimensions, count: scales.length }, embedder, options);
    }
  }
}

await work(workerData as Job).then(
  () => tell({ kind: 'done' }),
  (error: unknown) => tell({ kind: 'failed', ...(error instanceof UserError ? { code: error.code } : {}), message: describeError(error) }),
);
port?.close();
