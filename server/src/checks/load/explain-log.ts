import { explainText, type Explanation } from '../../verifier-log/explain/explain.ts';
import { readLineInfo } from '../../verifier-log/parse/line-info.ts';
import { LogThread } from './thread/log-thread.ts';

/** Longer logs are read in a thread: reading and explaining takes about 30 ms a megabyte. Characters. */
export const LONG_LOG = 500_000;

/** What is known of a log. */
export interface AboutLog {
  readonly source?: string | undefined;
  /** The object as it was built: its line information says more than the logs of kernels before 6.9. */
  readonly object?: Uint8Array | undefined;
}

/** Explains a log of any length without keeping others waiting. Rejects when `signal` says so, or when the thread fails. */
export async function explainLog(text: string, { source, object }: AboutLog, signal?: AbortSignal): Promise<readonly Explanation[]> {
  signal?.throwIfAborted();
  if (text.length > LONG_LOG) return explainInThread(text, { source, object }, signal);
  const lineInfo = object && readLineInfo(object);
  return explainText(text, { ...(source === undefined ? {} : { source }), ...(lineInfo ? { lineInfo } : {}) });
}

async function explainInThread(text: string, { source, object }: AboutLog, signal: AbortSignal | undefined): Promise<readonly Explanation[]> {
  const thread = new LogThread();
  const stop = (): void => thread.end(new Error('Cancelled.'));
  signal?.addEventListener('abort', stop);
  try {
    await thread.send('log', text);
    const about = { ...(source === undefined ? {} : { source }), ...(object ? { object } : {}) };
    return (await thread.ask((call) => ({ kind: 'explain', id: 'log', call, ...about }))) as readonly Explanation[];
  } finally {
    signal?.removeEventListener('abort', stop);
    thread.end(new Error('The log was read.'));
  }
}
