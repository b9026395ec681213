import type { Explanation } from '../../verifier-log/explain/explain.ts';

/** A program's load that was refused, and all that was said of it: for who wants to read the log itself. */
export interface RefusedLog {
  /** The function's name; empty when the object could not be taken apart. */
  readonly program: string;
  readonly text: string;
  /** Zero-based lines of the findings made of it. */
  readonly lines: readonly number[];
  /** What the findings were made of. */
  readonly explanations: readonly Explanation[];
  /** The object as it was built, for its line information. */
  readonly object?: Uint8Array;
}
