import * as vscode from 'vscode';
import { findInLogRequest, logLinesRequest, logOfSourceRequest, logStateRequest, openLogRequest, type LogSummary } from '../../../server/src/protocol.ts';
import type { Ctx } from '../ctx.ts';
import { pageFolder, pageOf } from './html.ts';
import type { FromPage, Showing, ToPage } from './messages.ts';

const NONE = 'No log of this program is kept: save it to have it loaded. When it loads, there is nothing to explain.';
const LOADS = 'This program is no longer refused.';

/** A log beside its source. The page asks, and is told what the server says. */
export class LogPanel implements vscode.Disposable {
  readonly uri: vscode.Uri;
  readonly #ctx: Ctx;
  readonly #panel: vscode.WebviewPanel;
  readonly #changed = new vscode.EventEmitter<Showing | undefined>();
  readonly #disposables: vscode.Disposable[] = [];
  readonly onDidShow: vscode.Event<Showing | undefined> = this.#changed.event;
  readonly onDidDispose: vscode.Event<void>;
  /** The page can be told something: its script runs. */
  readonly #ready: Promise<void>;
  #isReady: () => void = () => undefined;
  #log: LogSummary | undefined;
  #showing: Showing | undefined;
  /** The source line that was shown last because of the page: the editor's cursor going there is no news to it. */
  #revealed: number | undefined;

  constructor(ctx: Ctx, uri: vscode.Uri) {
    this.#ctx = ctx;
    this.uri = uri;
    this.#ready = new Promise((resolve) => (this.#isReady = resolve));
    const { extensionUri } = ctx.extension;
    this.#panel = vscode.window.createWebviewPanel('kgent.verifierLog', `Verifier log: ${this.#file}`, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true }, { enableScripts: true, localResourceRoots: [pageFolder(extensionUri)], retainContextWhenHidden: true });
    this.#panel.iconPath = vscode.Uri.joinPath(extensionUri, 'client', 'media', 'icon.png');
    this.onDidDispose = this.#panel.onDidDispose;
    this.#disposables.push(
      this.#panel,
      this.#changed,
      this.#panel.webview.onDidReceiveMessage((message: FromPage) => this.#ctx.background(this.#on(message))),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) => this.#cursor(textEditor, selections[0])),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#edited(document)),
    );
    this.#panel.webview.html = pageOf(this.#panel.webview, extensionUri);
  }

  get #file(): string {
    return this.uri.path.split('/').at(-1) ?? '';
  }

  get showing(): Showing | undefined {
    return this.#showing;
  }

  get log(): LogSummary | undefined {
    return this.#log;
  }

  reveal(): void {
    this.#panel.reveal(undefined, true);
  }

  /** Shows the log of the program that is refused for a line (one-based), or the named one. */
  async open(which: { readonly line?: number; readonly program?: number } = {}): Promise<void> {
    const client = await this.#ctx.client();
    const log = await client.sendRequest(openLogRequest, { uri: this.uri.toString(), ...which });
    const before = this.#log;
    this.#log = log ?? undefined;
    await this.#ready;
    if (!log) return this.#tell({ kind: 'none', message: before ? LOADS : NONE });
    this.#tell({ kind: 'show', log, file: this.#file, stale: this.#isStale(log) });
  }

  step(by: number): void {
    this.#tell({ kind: 'step', by });
  }

  #isStale({ version }: LogSummary): boolean {
    const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === this.uri.toString());
    return document !== undefined && document.version !== version;
  }

  #edited(document: vscode.TextDocument): void {
    if (document.uri.toString() === this.uri.toString() && this.#log && this.#isStale(this.#log)) this.#tell({ kind: 'stale' });
  }

  #tell(message: ToPage): void {
    if (message.kind === 'none') this.#show(undefined);
    void this.#panel.webview.postMessage(message);
  }

  #show(showing: Showing | undefined): void {
    this.#showing = showing;
    this.#changed.fire(showing);
  }

  async #on(message: FromPage): Promise<void> {
    switch (message.kind) {
      case 'ready':
        return this.#isReady();
      case 'showing':
        return this.#show(message.showing);
      case 'program':
        return this.open({ program: message.program });
      case 'reveal':
        return this.#reveal(message.sourceLine, message.focus);
      default:
        // What was asked of a log that is no longer shown is not answered.
        if (message.id === this.#log?.id) await this.#ask(message);
    }
  }

  async #ask(question: Extract<FromPage, { readonly id: string }>): Promise<void> {
    const client = await this.#ctx.client();
    const { id } = question;
    switch (question.kind) {
      case 'lines':
        return this.#tell({ kind: 'lines', id, from: question.from, lines: await client.sendRequest(logLinesRequest, { id, from: question.from, count: question.count }) });
      case 'state':
        return this.#tell({ kind: 'state', id, line: question.line, state: await client.sendRequest(logStateRequest, { id, line: question.line }) });
      case 'find':
        return this.#tell({ kind: 'found', id, found: await client.sendRequest(findInLogRequest, { id, words: question.words, from: question.from, backwards: question.backwards }) });
    }
  }

  async #reveal(sourceLine: number, focus: boolean): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.uri);
    const line = Math.min(sourceLine, document.lineCount) - 1;
    if (line < 0) return;
    this.#revealed = line;
    const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
    const column = shown?.viewColumn ?? vscode.ViewColumn.One;
    const editor = shown && !focus ? shown : await vscode.window.showTextDocument(document, { viewColumn: column, preserveFocus: !focus });
    const start = document.lineAt(line).firstNonWhitespaceCharacterIndex;
    editor.selection = new vscode.Selection(line, start, line, start);
    editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  /** The editor's cursor went to another line: its instructions are shown. */
  #cursor(editor: vscode.TextEditor, selection: vscode.Selection | undefined): void {
    if (!selection || !this.#log || editor.document.uri.toString() !== this.uri.toString()) return;
    const line = selection.active.line;
    const ours = line === this.#revealed;
    this.#revealed = undefined;
    this.#tell({ kind: 'source', line: line + 1 });
    if (!ours) this.#ctx.background(this.#follow(line + 1));
  }

  async #follow(sourceLine: number): Promise<void> {
    const log = this.#log;
    if (!log) return;
    const client = await this.#ctx.client();
    const line = await client.sendRequest(logOfSourceRequest, { id: log.id, sourceLine, near: this.#showing?.line ?? log.lines });
    if (line !== null && log === this.#log) this.#tell({ kind: 'go', line });
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }
}
