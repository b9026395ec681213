/** The messages about the verifier's log: it stays with the server, which is asked for pages of it. Lines of logs are counted from zero, lines of sources from one. */
import { NotificationType, RequestType } from 'vscode-languageserver-protocol';
import type { LogLine, LogMark, LogState } from '../verifier-log/view/data.ts';

export type { LogLine, LogMark, LogRegister, LogState } from '../verifier-log/view/data.ts';

/** One refused program's log. */
export interface LogSummary {
  /** What further questions name it by. */
  readonly id: string;
  /** Version of the document that was loaded. */
  readonly version: number;
  /** The refused programs of the document, one log each. */
  readonly programs: readonly string[];
  /** Which of them this is. */
  readonly chosen: number;
  readonly lines: number;
  /** Its end is missing. */
  readonly truncated: boolean;
  readonly rejection?: { readonly class: string; readonly message: string; readonly complaint: string };
  /** The way of the fact that was missing, in the log's order. */
  readonly marks: readonly LogMark[];
}

export interface LogQuery {
  readonly id: string;
}

/** Null: no load of this document was refused, as far as is kept. `line` (of the source): the program that is refused for it; `program`: its number. */
export const openLogRequest = new RequestType<{ readonly uri: string; readonly line?: number; readonly program?: number }, LogSummary | null, void>('kgent/openLog');
export const logLinesRequest = new RequestType<LogQuery & { readonly from: number; readonly count: number }, readonly LogLine[], void>('kgent/logLines');
/** What the verifier knew at the instruction of a line, or the one before it. */
export const logStateRequest = new RequestType<LogQuery & { readonly line: number }, LogState | null, void>('kgent/logState');
export interface LogFound {
  readonly line: number;
  /** Which one of `total` it is, from one. */
  readonly nth: number;
  readonly total: number;
}

/** The next line with these words behind `from`, or before it; goes on at the other end. Letters' case does not count. */
export const findInLogRequest = new RequestType<LogQuery & { readonly words: string; readonly from: number; readonly backwards: boolean }, LogFound | null, void>('kgent/findInLog');
/** The line with an instruction of a source line that is nearest to `near`. */
export const logOfSourceRequest = new RequestType<LogQuery & { readonly sourceLine: number; readonly near: number }, number | null, void>('kgent/logOfSource');
/** Server to client: how many logs there are of a document now; 0 when its last load succeeded. */
export const logsNotification = new NotificationType<{ readonly uri: string; readonly logs: number }>('kgent/logsChanged');

