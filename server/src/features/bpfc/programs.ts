import type { TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { LineIndex } from '../../base/line-index.ts';
import type { CheckReport } from '../../checks/pipeline.ts';
import { judgeC } from '../../checks/semantics-c.ts';
import type { Inventory } from '../../kernel/inventory.ts';
import { analyzeC, type CAnalysis } from '../../language/bpfc/analysis/analyze.ts';
import { parseC, type CDocument } from '../../language/bpfc/syntax/document.ts';
import type { CParser } from '../../language/bpfc/syntax/parser.ts';
import { languageOf } from '../programs.ts';

/** One version of an open BPF C program, as judged by what is known of the target. It never changes. */
export interface CSnapshot {
  readonly uri: string;
  readonly version: number;
  readonly lines: LineIndex;
  readonly analysis: CAnalysis;
}

export interface CProgramsOptions {
  readonly documents: TextDocuments<TextDocument>;
  /** Started when the first BPF C program is asked about. */
  readonly parser: () => Promise<CParser>;
  readonly inventory: () => Promise<Inventory>;
}

/** The open BPF C programs. Of each version only what changed is parsed, once for all answers. */
export class CPrograms {
  readonly #options: CProgramsOptions;
  readonly #known = new Map<string, { readonly document: CDocument; readonly snapshot: CSnapshot }>();

  constructor(options: CProgramsOptions) {
    this.#options = options;
    options.documents.onDidClose(({ document }) => this.#known.delete(document.uri));
  }

  /** The newest version of a document; undefined when it is not open or no BPF C. */
  async at(uri: string): Promise<CSnapshot | undefined> {
    const open = (): TextDocument | undefined => this.#options.documents.get(uri);
    const first = open();
    if (!first || languageOf(first) !== 'c') return undefined;
    // The first kernel takes longer than a parser: meanwhile the text is read.
    const reading = this.#options.parser().then((parser) => ({ parser, early: parseC(parser, first.getText(), this.#known.get(uri)?.document) }));
    const [{ parser, early }, inventory] = await Promise.all([reading, this.#options.inventory()]);
    // From here on nothing is awaited: what is read is one version.
    const now = open();
    if (!now) return undefined;
    const known = this.#known.get(uri);
    const text = now.getText();
    if (known?.snapshot.version === now.version && known.document.text === text && known.snapshot.analysis.inventory === inventory) return known.snapshot;
    const document = parseC(parser, text, early);
    const snapshot = { uri, version: now.version, lines: known?.document === document ? known.snapshot.lines : new LineIndex(text), analysis: analyzeC(document, { inventory }, known?.snapshot.analysis) };
    this.#known.set(uri, { document, snapshot });
    return snapshot;
  }

  /** What can be said at once of a version of a program; undefined when there is a newer one. */
  async judge(uri: string, version: number): Promise<CheckReport | undefined> {
    const snapshot = await this.at(uri);
    if (snapshot?.version !== version) return undefined;
    const started = performance.now();
    return { check: 'semantics', ...judgeC(snapshot.analysis, snapshot.lines), ms: performance.now() - started };
  }
}
