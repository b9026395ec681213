import type { Connection, TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import { emptyRange } from '../base/range.ts';
import { CHECK_NAMES, finding, type CheckName, type Finding } from '../checks/finding.ts';
import { syntaxFindings } from '../checks/from-language.ts';
import { allFindings, type CheckReport } from '../checks/pipeline.ts';
import type { Program } from '../checks/program.ts';
import { judge } from '../checks/semantics.ts';
import { notSource } from '../checks/syntax.ts';
import type { Engine } from '../engine.ts';
import type { Proofs } from '../protocol.ts';
import type { Settings } from '../settings.ts';
import { carryFindings } from './carry.ts';
import { languageOf, type Programs } from './programs.ts';
import { toDiagnostic } from './to-diagnostic.ts';
import type { VerifierLogs } from './verifier-log.ts';

/** Milliseconds without a keystroke before tools are started. */
const TYPING_PAUSE_MS = 250;

/** Done at every keystroke: they start nothing and take milliseconds. */
const AT_ONCE: readonly CheckName[] = ['syntax', 'semantics'];

/** While typing: everything but loading, which asks the target's kernel for real, and proving, which takes its time: both wait for a save. */
const WHILE_TYPING: readonly CheckName[] = CHECK_NAMES.filter((name) => name !== 'load' && name !== 'contract');

interface Run {
  readonly abort: AbortController;
  readonly program: Program;
  readonly only: readonly CheckName[];
  timer?: NodeJS.Timeout;
  /** Resolves when all checks have told all they know, repairs included. */
  whole?: Promise<void>;
}

/** What was found in a text, per check. */
interface Known {
  readonly program: Program;
  readonly reports: ReadonlyMap<CheckName, CheckReport>;
}

export interface DiagnosticsOptions {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly programs: Programs;
  readonly engine: Engine;
  readonly settings: () => Settings;
  readonly log: Log;
  /** Where the logs of loads go. */
  readonly logs: VerifierLogs;
  /** Hears what tools do with a document; undefined when they are done with it. */
  readonly checking: (uri: string, doing: string | undefined) => void;
  /** Hears when other verdicts of a document are known, or none any more. */
  readonly proved: (uri: string) => void;
}

/**
 * Publishes findings for open documents: those of syntax and semantics at every keystroke, those of tools after a
 * pause, their repairs as soon as these were tried. Results are kept per check and merged; a newer version cancels the older
 * run, and what arrives late is dropped.
 */
export class Diagnostics {
  readonly #options: DiagnosticsOptions;
  readonly #runs = new Map<string, Run>();
  readonly #known = new Map<string, Known>();
  /** Whose doings were told last, by document. */
  readonly #doing = new Map<string, Run>();
  /** Some program was judged: there is a kernel to judge by. */
  #judged = false;

  constructor(options: DiagnosticsOptions) {
    this.#options = options;
    const { documents, settings } = options;
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
    for (const document of this.#options.documents.all()) this.#schedule(document, 0);
  }

  /** What is published for this version of a document. */
  findings(uri: string, version: number): readonly Finding[] {
    const known = this.#known.get(uri);
    return known?.program.version === version ? allFindings(inOrder(known.reports)) : [];
  }

  /** What was proved of the very text a document has now; undefined when nothing was yet. */
  proofs(uri: string): Proofs | undefined {
    const known = this.#known.get(uri);
    const proofs = known?.reports.get('contract')?.proofs;
    return known && proofs && { version: known.program.version, ...proofs };
  }

  /** Proves the text a document has now, whether or not it was saved; the answer is kept as that of a check. */
  async prove(uri: string, signal: AbortSignal): Promise<Proofs | undefined> {
    const run = this.#runs.get(uri);
    if (!run || notSource(run.program)) return undefined;
    const reports = await this.#options.engine.check(run.program, { only: ['contract'], inventory: 'now', signal: AbortSignal.any([signal, run.abort.signal]) });
    if (this.#isCurrent(run)) this.#add(run, reports.map(withoutLogs));
    return this.proofs(uri);
  }

  /** Resolves when nothing more will be known of the text a document has now, or after `patienceMs`. */
  async whole(uri: string, patienceMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, patienceMs)));
    await Promise.race([this.#runs.get(uri)?.whole, patience]);
    clearTimeout(timer);
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
    const run: Run = { abort: new AbortController(), program, only };
    this.#runs.set(document.uri, run);
    this.#carry(program, only);
    // An editor that was just opened is empty for a moment: that is no mistake yet.
    if (program.text.trim() === '') {
      this.#known.delete(program.uri);
      void this.#options.connection.sendDiagnostics({ uri: program.uri, version: program.version, diagnostics: [] });
      return;
    }
    const judged = notSource(program) ? Promise.resolve([]) : program.language === 'bpftrace' ? this.#judge(run) : this.#judgeC(run);
    if (pause !== undefined) run.timer = setTimeout(() => void (run.whole = judged.then((earlier) => this.#run(run, earlier))), pause);
  }

  /** What was found in the older text, where it still is; what a check says that does not run now is no longer true. */
  #carry(program: Program, only: readonly CheckName[]): void {
    const known = this.#known.get(program.uri);
    if (!known) return;
    const reports = [...known.reports.values()].filter(({ check }) => only.includes(check) && !AT_ONCE.includes(check));
    if (known.reports.has('contract') && !only.includes('contract')) this.#options.proved(program.uri);
    this.#known.set(program.uri, { program, reports: new Map(reports.map((r) => [r.check, { ...r, findings: carryFindings(r.findings, known.program.text, program.text) }])) });
  }

  /** Syntax and semantics, from the very analysis every other answer uses. Never rejects. */
  async #judge(run: Run): Promise<readonly CheckReport[]> {
    const { engine, programs, log } = this.#options;
    try {
      const parsed = await programs.parsed(run.program.uri);
      if (parsed?.version !== run.program.version || !this.#isCurrent(run)) return [];
      const syntax: CheckReport = { check: 'syntax', findings: syntaxFindings(parsed.document, parsed.lines), ms: 0 };
      // Reading the first kernel takes longer than reading a program: mistakes known by then are told.
      if (!this.#judged && syntax.findings.length > 0) this.#add(run, [syntax]);
      const [{ facts }, snapshot] = await Promise.all([engine.known(), programs.at(run.program.uri)]);
      if (snapshot?.version !== run.program.version || !this.#isCurrent(run)) return [];
      this.#judged = true;
      const started = performance.now();
      const semantics: CheckReport = { check: 'semantics', findings: judge(snapshot.analysis(), snapshot.lines, facts), ms: performance.now() - started };
      this.#add(run, [syntax, semantics]);
      return [syntax, semantics];
    } catch (error) {
      log.error(`Reading ${run.program.uri} failed: ${describeError(error)}`);
      return [];
    }
  }

  /** What can be said of BPF C before a compiler was asked. Never rejects. */
  async #judgeC(run: Run): Promise<readonly CheckReport[]> {
    const { programs, log } = this.#options;
    try {
      const report = await programs.c.judge(run.program.uri, run.program.version);
      if (!report || !this.#isCurrent(run)) return [];
      this.#add(run, [report]);
      return [report];
    } catch (error) {
      log.error(`Reading ${run.program.uri} failed: ${describeError(error)}`);
      return [];
    }
  }

  async #run(run: Run, earlier: readonly CheckReport[]): Promise<void> {
    const { engine, log } = this.#options;
    const checked = (report: CheckReport): void => {
      if (!this.#isCurrent(run)) return;
      if (report.skipped !== undefined) log.info(`${run.program.uri}: the ${report.check} check did not run: ${report.skipped}`);
      const { logs = [] } = report;
      // A load that was not tried says nothing of the one before.
      if (report.check === 'load' && (logs.length > 0 || report.skipped === undefined)) this.#options.logs.keep({ uri: run.program.uri, version: run.program.version, source: run.program.text, logs });
      this.#add(run, [withoutLogs(report)]);
    };
    const mended = (report: CheckReport): void => {
      if (this.#isCurrent(run)) this.#add(run, [withoutLogs(report)]);
    };
    const checking = (check: CheckName): void => this.#tell(run, `${check} check`);
    const mending = (): void => this.#tell(run, 'trying repairs');
    try {
      await engine.check(run.program, { only: run.only, earlier, inventory: 'now', signal: run.abort.signal }, { checking, checked, mending, mended });
    } catch (error) {
      if (!run.abort.signal.aborted) log.error(`Checking ${run.program.uri} failed: ${describeError(error)}`);
    } finally {
      this.#tellDone(run);
    }
  }

  #tell(run: Run, doing: string): void {
    if (!this.#isCurrent(run)) return;
    this.#doing.set(run.program.uri, run);
    this.#options.checking(run.program.uri, doing);
  }

  #tellDone(run: Run): void {
    const { uri } = run.program;
    if (this.#doing.get(uri) !== run) return;
    this.#doing.delete(uri);
    this.#options.checking(uri, undefined);
  }

  #isCurrent(run: Run): boolean {
    return this.#runs.get(run.program.uri) === run && !run.abort.signal.aborted;
  }

  #add({ program }: Run, reports: readonly CheckReport[]): void {
    const known = new Map([...(this.#known.get(program.uri)?.reports ?? []), ...reports.map((report) => [report.check, report] as const)]);
    this.#known.set(program.uri, { program, reports: known });
    if (reports.some(({ check }) => check === 'contract')) this.#options.proved(program.uri);
    // Who chose to have no machine knows that nothing is tried on one.
    const untold = this.#options.engine.target().kind === 'none' ? [] : [...known.values()].flatMap(notChecked);
    const found = [...allFindings(inOrder(known)), ...untold];
    void this.#options.connection.sendDiagnostics({ uri: program.uri, version: program.version, diagnostics: found.map((f) => toDiagnostic(program.uri, f, this.#options.logs.shows(program.uri))) });
  }

  #cancel(uri: string): void {
    const run = this.#runs.get(uri);
    clearTimeout(run?.timer);
    run?.abort.abort();
    if (run) this.#tellDone(run);
    this.#runs.delete(uri);
  }

  #forget(uri: string): void {
    this.#cancel(uri);
    this.#known.delete(uri);
    this.#options.logs.forget(uri);
    void this.#options.connection.sendDiagnostics({ uri, diagnostics: [] });
  }
}

/** What is kept of a report for as long as its document is open; logs have a place of their own. */
function withoutLogs({ logs: _, mend: __, ...report }: CheckReport): CheckReport {
  return report;
}

/** As the pipeline runs them: what a later check says at the place of an earlier one's error is the same problem. */
function inOrder(reports: ReadonlyMap<CheckName, CheckReport>): CheckReport[] {
  return CHECK_NAMES.flatMap((name) => reports.get(name) ?? []);
}

/** A check that could not do its work must not look like a program without problems. */
function notChecked({ check, findings, skipped, blockedBy }: CheckReport): Finding[] {
  if (skipped === undefined || blockedBy !== undefined || findings.length > 0) return [];
  return [finding(check, 'not-checked', 'info', `Not checked (${check}): ${skipped}`, emptyRange)];
}
