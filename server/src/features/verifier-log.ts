import type { Connection } from 'vscode-languageserver/node';
import { UserError } from '../base/error.ts';
import { findInLogRequest, logLinesRequest, logOfSourceRequest, logsNotification, logStateRequest, openLogRequest, type LogSummary } from '../protocol.ts';
import { KeptLogs, type Kept, type KeptLog, type Refused } from './log/kept-logs.ts';
import { LogReader, type ReadableLog } from './log/reader.ts';
import { forUser } from './request.ts';

/** Keeps the logs of refused loads, and answers what a view of one asks. */
export class VerifierLogs {
  readonly #connection: Connection;
  readonly #kept = new KeptLogs();
  readonly #reader = new LogReader();
  /** Editors other than VS Code are told nothing they do not know. */
  readonly #knows: () => boolean;

  constructor(connection: Connection, knows: () => boolean) {
    this.#connection = connection;
    this.#knows = knows;
    connection.onRequest(openLogRequest, ({ uri, line, program }) =>
      forUser(async () => {
        const kept = this.#kept.of(uri);
        return kept ? this.#open(kept, program ?? chosen(kept, line)) : null;
      }),
    );
    connection.onRequest(logLinesRequest, ({ id, from, count }) => forUser(() => this.#reader.ask(this.#log(id), ['lines', from, count])));
    connection.onRequest(logStateRequest, ({ id, line }) => forUser(async () => (await this.#reader.ask(this.#log(id), ['state', line])) ?? null));
    connection.onRequest(findInLogRequest, ({ id, words, from, backwards }) => forUser(async () => (await this.#reader.ask(this.#log(id), ['find', words, from, backwards])) ?? null));
    connection.onRequest(logOfSourceRequest, ({ id, sourceLine, near }) => forUser(async () => (await this.#reader.ask(this.#log(id), ['ofSource', sourceLine, near])) ?? null));
  }

  /** A document's load ended. */
  keep(refused: Refused): void {
    const before = this.#kept.of(refused.uri);
    if (before) for (const { id } of before.logs) this.#reader.close(id);
    this.#kept.put(refused);
    if (this.#knows() && (before || refused.logs.length > 0)) void this.#connection.sendNotification(logsNotification, { uri: refused.uri, logs: refused.logs.length });
  }

  /** The editor can show a log of this document. */
  shows(uri: string): boolean {
    return this.#knows() && this.#kept.of(uri) !== undefined;
  }

  forget(uri: string): void {
    this.keep({ uri, version: 0, source: '', logs: [] });
  }

  dispose(): void {
    this.#reader.dispose();
  }

  async #open({ logs, version, source }: Kept, index: number): Promise<LogSummary | null> {
    const at = Math.min(Math.max(0, index), logs.length - 1);
    const log = logs[at];
    if (!log) return null;
    return { id: log.id, version, programs: logs.map(({ program }) => program), chosen: at, ...(await this.#reader.open(readable(log, source))) };
  }

  #log(id: string): ReadableLog {
    const found = this.#kept.log(id);
    if (!found) throw new UserError('log-gone', 'This log is no longer kept: the program was loaded again since. Show its log again.');
    return readable(found.log, found.kept.source);
  }
}

function readable({ id, text, object }: KeptLog, source: string): ReadableLog {
  return { id, text, source, object };
}

/** The program that is refused for a (one-based) line of the source. */
function chosen({ logs }: Kept, line: number | undefined): number {
  return Math.max(0, logs.findIndex(({ lines }) => line !== undefined && lines.includes(line - 1)));
}
