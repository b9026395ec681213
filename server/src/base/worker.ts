import { Worker } from 'node:worker_threads';

/**
 * Starts a thread: a bundle of its own (`log-thread`), beside the one of who starts it. Where that is a source file, so is the thread, which needs a
 * loader then. `from`: `import.meta.url` of who starts it; `source`: the thread's file as seen from there.
 */
export function startWorker(from: string, source: string, bundle: string, workerData?: unknown): Worker {
  if (!from.endsWith('.ts')) return new Worker(new URL(`./${bundle}.js`, from), { workerData });
  const file = new URL(source, from).href;
  return new Worker(`import('tsx/esm/api').then(({ tsImport }) => tsImport(${JSON.stringify(file)}, ${JSON.stringify(file)}))`, { eval: true, workerData });
}
