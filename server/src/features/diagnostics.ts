import { DiagnosticSeverity, type Connection, type Diagnostic, type TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import { emptyRange } from '../base/range.ts';
import { CHECK_NAMES, finding, type CheckName, type Finding } from '../checks/finding.ts';
import { allFindings, type CheckReport } from '../checks/pipeline.ts';
import { languageOfFile, type Language, type Program } from '../checks/program.ts';
import type { Engine } from '../engine.ts';
import type { Settings } from '../settings.ts';

/** Milliseconds without a keystroke before tools are started. */
const TYPING_PAUSE_MS = 250;

/** While typing: everything but loading, which asks the target's kernel for real and waits for a save. */
const WHILE_TYPING: readonly CheckName[] = CHECK_NAMES.filter((name) => name !== 'load');

interface Run {
  readonly abort: AbortController;
  readonly only: readonly CheckName[];
  timer: NodeJS.Timeout | undefined;
}

/**
 * Publishes findings for open documents. Results are kept per check and merged; a newer version
 * cancels the older run, and what arrives late is dropped by version.
 */
export class Diagnostics {
  readonly #connection: Connection;
  readonly #documents: TextDocuments<TextDocument>;
  readonly #engine: Engine;
  readonly #log: Log;
  readonly #runs = new Map<string, Run>();
  readonly #reports = new Map<string, Map<CheckName, CheckReport>>();

  constructor(connection: Connection, documents: TextDocuments<TextDocument>, engine: Engine, settings: () => Settings, log: Log) {
    this.#connection = connection;
    this.#documents = documents;
    this.#engine = engine;
    this.#log = log;
    // Fires for opening too: what was never scheduled is checked at once.
    documents.onDidChangeContent(({ document }) => {
      const opened = !this.#runs.has(document.uri);
      if (opened) this.#schedule(document, 0);
      else this.#schedule(document, settings()['check.onType'] ? TYPING_PAUSE_MS : undefined, WHILE_TYPING);
    });
    documents.onDidSave(({ document }) => this.#schedule(document, 0));
    documents.onDidClose(({ document }) => this.#forget(document.uri));
  }

  /** Checks every open document again: the target or a setting changed. */
  refresh(): void {
    for (const document of this.#documents.all()) this.#schedule(document, 0);
  }

  dispose(): void {
    for (const uri of [...this.#runs.keys()]) this.#cancel(uri);
  }

  /** Tools start after `pause` milliseconds; undefined: only when saved. */
  #schedule(document: TextDocument, pause: number | undefined, only: readonly CheckName[] = CHECK_NAMES): void {
    const language = languageOf(document);
    if (!language) return;
    this.#cancel(document.uri);
    const program: Program = { uri: document.uri, version: document.version, text: document.getText(), language };
    const run: Run = { abort: new AbortController(), only, timer: undefined };
    this.#runs.set(document.uri, run);
    // An editor that was just opened is empty for a moment: that is no mistake yet.
    if (program.text.trim() === '') {
      this.#reports.delete(document.uri);
      void this.#connection.sendDiagnostics({ uri: document.uri, version: document.version, diagnostics: [] });
      return;
    }
    if (pause !== undefined) run.timer = setTimeout(() => void this.#run(program, run), pause);
  }

  async #run(program: Program, run: Run): Promise<void> {
    const checked = (report: CheckReport): void => {
      if (this.#runs.get(program.uri) !== run || run.abort.signal.aborted) return;
      const reports = this.#reports.get(program.uri) ?? new Map<CheckName, CheckReport>();
      this.#reports.set(program.uri, reports.set(report.check, report));
      // What was said of an older text by a check that does not run now is no longer true.
      for (const name of reports.keys()) if (!run.only.includes(name)) reports.delete(name);
      if (report.skipped !== undefined) this.#log.info(`${program.uri}: the ${report.check} check did not run: ${report.skipped}`);
      this.#publish(program);
    };
    try {
      await this.#engine.check(program, { only: run.only, inventory: 'now', signal: run.abort.signal }, { checked });
    } catch (error) {
      if (!run.abort.signal.aborted) this.#log.error(`Checking ${program.uri} failed: ${describeError(error)}`);
    }
  }

  #publish(program: Program): void {
    const reports = [...(this.#reports.get(program.uri)?.values() ?? [])];
    const findings = [...allFindings(reports), ...reports.flatMap(notChecked)];
    const diagnostics = findings.map((found) => toDiagnostic(program.uri, found));
    void this.#connection.sendDiagnostics({ uri: program.uri, version: program.version, diagnostics });
  }

  #cancel(uri: string): void {
    const run = this.#runs.get(uri);
    clearTimeout(run?.timer);
    run?.abort.abort();
    this.#runs.delete(uri);
  }

  #forget(uri: string): void {
    this.#cancel(uri);
    this.#reports.delete(uri);
    void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
  }
}

/** A check that could not do its work must not look like a program without problems. */
function notChecked({ check, findings, skipped, blockedBy }: CheckReport): Finding[] {
  if (skipped === undefined || blockedBy !== undefined || findings.length > 0) return [];
  return [finding(check, 'not-checked', 'info', `Not checked (${check}): ${skipped}`, emptyRange)];
}

/** By the editor's language for bpftrace; BPF C is told from other C by its name. */
function languageOf(document: TextDocument): Language | undefined {
  return document.languageId === 'bpftrace' ? 'bpftrace' : languageOfFile(document.uri);
}

const SEVERITY = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning, info: DiagnosticSeverity.Information } as const;

function toDiagnostic(uri: string, found: Finding): Diagnostic {
  const placed = found.evidence.flatMap((e) => (e.range ? [{ location: { uri, range: e.range }, message: e.message }] : []));
  const rest = found.evidence.flatMap((e) => (e.range ? [] : [e.message]));
  return {
    range: found.range,
    severity: SEVERITY[found.severity],
    source: `kgent ${found.check}`,
    code: found.code,
    message: [found.message, ...rest].join('\n'),
    ...(placed.length > 0 ? { relatedInformation: placed } : {}),
  };
}
