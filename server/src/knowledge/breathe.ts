import type { Breathe } from './svd.ts';

/** Lets the event loop go on with other work, and ends the work when the signal says so. */
export function breathing(signal?: AbortSignal): Breathe {
  return async () => {
    await new Promise((resume) => setImmediate(resume));
    signal?.throwIfAborted();
  };
}
