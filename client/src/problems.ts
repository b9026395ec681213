/** Errors as the user meets them: one message and the actions that help. No `vscode` here. */
import { describeError, UserError } from '../../server/src/base/error.ts';

export type Action = 'setApiKey' | 'connect' | 'settings' | 'trust' | 'restart' | 'log';

export const actionTitles: Readonly<Record<Action, string>> = {
  setApiKey: 'Set API Key',
  connect: 'Connect to a Target',
  settings: 'Open Settings',
  trust: 'Manage Workspace Trust',
  restart: 'Restart Server',
  log: 'Show Log',
};

export interface Problem {
  readonly message: string;
  readonly actions: readonly Action[];
}

/** Codes of the server's UserErrors (they arrive as the response error's data) that have a way out. */
const WAY_OUT: readonly (readonly [RegExp, readonly Action[]])[] = [
  [/^untrusted$/, ['trust']],
  [/^server-/, ['restart', 'log']],
  [/^no-model$/, ['settings', 'setApiKey']],
  [/-api-key$/, ['setApiKey', 'settings']],
  [/model|-reply$|^context-too-long$/, ['settings', 'log']],
  [/^(target|bad-destination|ssh-config|unreachable|host-key|auth|needs-root|not-linux|connection-lost|host|missing|old-bpftool)$/, ['connect', 'log']],
  [/^(empty-sentence|long-sentence|busy|no-program|no-finding|no-proposal|changed)$/, []],
];

/** The stable name of a problem: of our own UserError, or in the data of the server's answer. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof UserError) return error.code;
  if (!(error instanceof Error) || !('data' in error)) return undefined;
  const { data } = error;
  return typeof data === 'object' && data !== null && 'code' in data && typeof data.code === 'string' ? data.code : undefined;
}

export function actionsFor(code: string | undefined): readonly Action[] {
  return WAY_OUT.find(([pattern]) => code !== undefined && pattern.test(code))?.[1] ?? ['log'];
}

/** vscode-jsonrpc's codes for a connection that went away before the answer came. */
const GONE: ReadonlySet<unknown> = new Set([-32099, -32097, -32096]);

export function problemOf(error: unknown): Problem {
  if (error instanceof Error && 'code' in error && GONE.has(error.code)) {
    return { message: 'The Kgent language server ended before it answered. It is started again; please repeat.', actions: ['log'] };
  }
  return { message: describeError(error), actions: actionsFor(codeOf(error)) };
}
