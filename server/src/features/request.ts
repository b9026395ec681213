import { ResponseError, type CancellationToken } from 'vscode-languageserver/node';
import { describeError, UserError } from '../base/error.ts';

/** LSP's cancellation as the signal the core understands. */
export function abortOn(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

/** LSP's code for a request that failed for a reason outside the server (`RequestFailed`). */
const REQUEST_FAILED = -32803;

/** A UserError becomes a response whose message the editor shows; `data.code` tells which it is. */
export async function forUser<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError) throw new ResponseError(REQUEST_FAILED, describeError(error), { code: error.code });
    throw error;
  }
}
