import type { CancellationToken, TextDocuments } from 'vscode-languageserver/node';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { LineIndex } from '../base/line-index.ts';
import type { Finding } from '../checks/finding.ts';
import { syntaxFindings } from '../checks/from-language.ts';
import { languageOfFile, type Language } from '../checks/program.ts';
import { judge } from '../checks/semantics.ts';
import { analyze } from '../language/bpftrace/analysis/analyze.ts';
import type { Analysis, AnalysisOptions } from '../language/bpftrace/analysis/analysis.ts';
import type { Document } from '../language/bpftrace/syntax/document.ts';
import { parseDocument } from '../language/bpftrace/syntax/parse.ts';
import type { BpftraceParser } from '../language/bpftrace/syntax/parser.ts';
import type { CPrograms, CSnapshot } from './bpfc/programs.ts';

/** One version of an open bpftrace program. It never changes: answers may take their time with it. */
export interface Parsed {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  readonly lines: LineIndex;
  readonly document: Document;
}

export interface Snapshot extends Parsed {
  /** Made when first asked for, against what is known of the target then. */
  readonly analysis: () => Analysis;
}

export interface ProgramsOptions {
  readonly documents: TextDocuments<TextDocument>;
  readonly parser: Promise<BpftraceParser>;
  /** What programs are judged against; another object when that changed. */
  readonly against: () => Promise<AnalysisOptions>;
  /** The BPF C programs among the documents. */
  readonly c: CPrograms;
}

/** The open bpftrace programs. Every version is parsed once and analysed once per target, for all answers together. */
export class Programs {
  readonly c: CPrograms;
  readonly #options: ProgramsOptions;
  readonly #parsed = new Map<string, Parsed>();
  readonly #analyses = new Map<string, Analysis>();

  constructor(options: ProgramsOptions) {
    this.#options = options;
    this.c = options.c;
    options.documents.onDidClose(({ document }) => {
      this.#parsed.delete(document.uri);
      this.#analyses.delete(document.uri);
    });
  }

  /** The newest version of a document; undefined when it is not open or no bpftrace. */
  async at(uri: string): Promise<Snapshot | undefined> {
    const [parser, against] = await Promise.all([this.#options.parser, this.#options.against()]);
    // From here on nothing is awaited: what is read is one version.
    const parsed = this.#parse(uri, parser);
    return parsed && this.#snapshot(parsed, against);
  }

  /** The same as soon as it is read, whether or not a kernel is there to judge it by. */
  async parsed(uri: string): Promise<Parsed | undefined> {
    return this.#parse(uri, await this.#options.parser);
  }

  #parse(uri: string, parser: BpftraceParser): Parsed | undefined {
    const open = this.#options.documents.get(uri);
    if (!open || languageOf(open) !== 'bpftrace') return undefined;
    const { version } = open;
    const text = open.getText();
    const known = this.#parsed.get(uri);
    if (known?.version === version && known.text === text) return known;
    const parsed: Parsed = { uri, version, text, document: parseDocument(parser, text, known?.document), lines: new LineIndex(text) };
    this.#parsed.set(uri, parsed);
    return parsed;
  }

  #snapshot(parsed: Parsed, against: AnalysisOptions): Snapshot {
    return { ...parsed, analysis: () => this.#analysis(parsed, against) };
  }

  #analysis({ uri, document }: Parsed, against: AnalysisOptions): Analysis {
    const last = this.#analyses.get(uri);
    if (last?.document === document && last.options === against) return last;
    const analysis = analyze(document, against, last);
    this.#analyses.set(uri, analysis);
    return analysis;
  }

  onClose(closed: (uri: string) => void): void {
    this.#options.documents.onDidClose(({ document }) => closed(document.uri));
  }

  /** Every open program. */
  async all(): Promise<readonly Parsed[]> {
    const found = await Promise.all(this.#options.documents.keys().map((uri) => this.parsed(uri)));
    return found.filter((parsed) => parsed !== undefined);
  }

  /** Judges another text as if it were the program's next version. Others have a turn before. */
  async judge(text: string, { document, analysis }: Snapshot): Promise<readonly Finding[]> {
    const parser = await this.#options.parser;
    await new Promise<void>((resolve) => void setImmediate(resolve));
    const next = parseDocument(parser, text, document);
    const lines = new LineIndex(text);
    return [...syntaxFindings(next, lines), ...judge(analyze(next, analysis().options, analysis()), lines, undefined)];
  }

  /**
   * Answers a request about a program, of BPF C by `workC`; `otherwise` for documents that are none, and for BPF C where there is
   * nothing to say. A cancelled request is not begun.
   */
  async answer<T, N>(uri: string, token: CancellationToken, otherwise: N, work: (snapshot: Snapshot) => T | Promise<T>, workC?: (snapshot: CSnapshot) => T | Promise<T>): Promise<T | N> {
    const c = workC && (await this.c.at(uri));
    const snapshot = c ? undefined : await this.at(uri);
    if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled.');
    if (c && workC) return workC(c);
    return snapshot ? work(snapshot) : otherwise;
  }
}

/** By the editor's language for bpftrace; BPF C is told from other C by its name. */
export function languageOf(document: TextDocument): Language | undefined {
  return document.languageId === 'bpftrace' ? 'bpftrace' : languageOfFile(document.uri);
}
