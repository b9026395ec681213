/** What the panel and its page say to each other. Lines of the log count from zero, those of the source from one. */
import type { LogFound, LogLine, LogState, LogSummary } from '../../../server/src/protocol.ts';

export type { LogFound, LogLine, LogMark, LogRegister, LogState, LogSummary } from '../../../server/src/protocol.ts';

export type ToPage =
  | { readonly kind: 'show'; readonly log: LogSummary; readonly file: string; readonly stale: boolean }
  /** Nothing is refused any more, or not yet. */
  | { readonly kind: 'none'; readonly message: string }
  | { readonly kind: 'lines'; readonly id: string; readonly from: number; readonly lines: readonly LogLine[] }
  | { readonly kind: 'state'; readonly id: string; readonly line: number; readonly state: LogState | null }
  | { readonly kind: 'found'; readonly id: string; readonly found: LogFound | null }
  | { readonly kind: 'go'; readonly line: number }
  /** The source changed since it was loaded. */
  | { readonly kind: 'stale' }
  /** The line the editor's cursor is in. */
  | { readonly kind: 'source'; readonly line: number }
  /** Steps along the marks, as the keys n and p do. */
  | { readonly kind: 'step'; readonly by: number };

export type FromPage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'lines'; readonly id: string; readonly from: number; readonly count: number }
  | { readonly kind: 'state'; readonly id: string; readonly line: number }
  | { readonly kind: 'find'; readonly id: string; readonly words: string; readonly from: number; readonly backwards: boolean }
  /** Shows a line of the source in the editor; `focus`: and puts the cursor there. */
  | { readonly kind: 'reveal'; readonly sourceLine: number; readonly focus: boolean }
  | { readonly kind: 'program'; readonly program: number }
  /** What the page shows now. */
  | { readonly kind: 'showing'; readonly showing: Showing };

/** What a person sees. */
export interface Showing {
  /** What the log is called by. */
  readonly log: string;
  readonly line: number;
  /** Rows in the page, and how many lines the log has. */
  readonly rows: number;
  readonly lines: number;
  /** Of the registers at the line: `R0 worst: a map value …`. */
  readonly registers: readonly string[];
  /** Roles of the marked rows in the page. */
  readonly marked: readonly string[];
  /** The mark one is at. */
  readonly step?: string;
}
