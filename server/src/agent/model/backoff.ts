import { UserError } from '../../base/error.ts';
import type { DraftProgress } from '../drafter.ts';
import type { Clock } from './chat.ts';
import type { Failure } from './failure.ts';

const MAX_RETRIES = 5;
const FIRST_WAIT_MS = 1_000;
/** Longest single wait and longest sum of waits: somebody sits in front of the progress bar. */
const MAX_WAIT_MS = 60_000;
const MAX_TOTAL_MS = 120_000;

export interface Backoff {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly classify: (error: unknown) => Failure;
  readonly onProgress: (progress: DraftProgress) => void;
}

/**
 * Asks until it works. After a passing failure it waits as long as the server asks for, else 1 s, 2 s, 4 s…
 * with up to a quarter of jitter; at most 5 times, 60 s once and 120 s in all. Throws the failure's
 * UserError when there is no use in asking on, and the signal's reason when aborted.
 */
export async function withBackoff<T>(ask: () => Promise<T>, { clock, signal, classify, onProgress }: Backoff): Promise<T> {
  let waited = 0;
  for (let retry = 0; ; retry++) {
    signal.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      const failure = classify(error);
      if (failure.kind === 'final' || retry >= MAX_RETRIES) throw failure.error;
      const ms = Math.round(failure.afterMs ?? FIRST_WAIT_MS * 2 ** retry * (1 + Math.random() / 4));
      if (ms > MAX_WAIT_MS || waited + ms > MAX_TOTAL_MS) throw tooLong(failure.reason, ms);
      waited += ms;
      onProgress({ kind: 'waiting', reason: failure.reason, ms });
      await pause(ms, clock, signal);
    }
  }
}

function tooLong(reason: string, ms: number): UserError {
  return new UserError('model-unavailable', `${reason}. It wants to be asked again in ${Math.ceil(ms / 1000)} s at the earliest; try later.`);
}

async function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const aborted = (): void => {
      cancel();
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', aborted);
      resolve();
    });
    signal.addEventListener('abort', aborted, { once: true });
  });
}
