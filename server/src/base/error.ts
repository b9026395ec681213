/**
 * An error whose message is meant for the user: what was wrong and what to do about it.
 * Everything else that is thrown is a defect and is reported with its stack.
 */
export class UserError extends Error {
  /** Stable kebab-case name of the kind of problem, for tests and scripts. */
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'UserError';
    this.code = code;
  }
}

/** The message of anything thrown, with the chain of causes. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message || error.name;
  if (error.cause === undefined) return own;
  const cause = describeError(error.cause);
  return own.includes(cause) ? own : `${own}: ${cause}`;
}
