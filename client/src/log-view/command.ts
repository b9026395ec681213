/** "Kgent: Show the verifier's log": the log of a refused program beside its source. */
import * as vscode from 'vscode';
import { logsNotification } from '../../../server/src/protocol.ts';
import { UserError } from '../../../server/src/base/error.ts';
import type { Ctx } from '../ctx.ts';
import { documentSelector } from '../program.ts';
import { LogPanel } from './panel.ts';

/** What the editor suite sees of logs. */
export interface LogViews {
  readonly panel: (uri: vscode.Uri) => LogPanel | undefined;
  /** The last load of a document was refused. */
  readonly has: (uri: vscode.Uri) => boolean;
  /** A panel was opened or closed, or shows something else. */
  readonly onDidChange: vscode.Event<unknown>;
}

export function registerLogView(ctx: Ctx): LogViews {
  const views = new Views(ctx);
  ctx.extension.subscriptions.push(
    views,
    vscode.languages.registerCodeActionsProvider(documentSelector, { provideCodeActions: ({ uri }, __, { diagnostics }) => actionsFor(uri, diagnostics, views) }, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
  );
  ctx.onClient((client) => client.onNotification(logsNotification, ({ uri, logs }) => views.changed(uri, logs)));
  ctx.command('kgent.showVerifierLog', (uri?: unknown, line?: unknown) => views.show(uri, line));
  return views;
}

function actionsFor(uri: vscode.Uri, diagnostics: readonly vscode.Diagnostic[], views: Views): vscode.CodeAction[] {
  const found = diagnostics.find(({ source }) => source === 'kgent load');
  if (!found || !views.has(uri)) return [];
  const title = "Show the verifier's log";
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = { title, command: 'kgent.showVerifierLog', arguments: [uri, found.range.start.line + 1] };
  action.diagnostics = [found];
  return [action];
}

class Views implements LogViews, vscode.Disposable {
  readonly #ctx: Ctx;
  readonly #panels = new Map<string, LogPanel>();
  /** Documents with a log. */
  readonly #refused = new Set<string>();
  readonly #changed = new vscode.EventEmitter<unknown>();
  readonly onDidChange: vscode.Event<unknown> = this.#changed.event;
  readonly panel = (uri: vscode.Uri): LogPanel | undefined => this.#panels.get(uri.toString());

  constructor(ctx: Ctx) {
    this.#ctx = ctx;
  }

  has(uri: vscode.Uri): boolean {
    return this.#refused.has(uri.toString());
  }

  /** `line` is one-based: the program that is refused for it is shown. */
  async show(given: unknown, line: unknown): Promise<void> {
    try {
      const editor = vscode.window.activeTextEditor;
      const uri = given instanceof vscode.Uri ? given : editor?.document.uri;
      if (!uri) throw new UserError('no-program', 'Open a BPF C (.bpf.c) program first.');
      const at = typeof line === 'number' ? line : editor?.document.uri.toString() === uri.toString() ? editor.selection.active.line + 1 : undefined;
      const known = this.panel(uri);
      known?.reveal();
      await (known ?? this.#create(uri)).open(at === undefined ? {} : { line: at });
    } catch (error) {
      await this.#ctx.fail(error);
    }
  }

  /** A document was loaded again: the log that is shown is the last one. */
  changed(uri: string, logs: number): void {
    if (logs > 0) this.#refused.add(uri);
    else this.#refused.delete(uri);
    void vscode.commands.executeCommand('setContext', 'kgent.verifierLogs', [...this.#refused].map((one) => vscode.Uri.parse(one)));
    const panel = this.#panels.get(uri);
    if (panel) this.#ctx.background(panel.open(panel.log ? { program: panel.log.chosen } : {}));
    this.#changed.fire(uri);
  }

  #create(uri: vscode.Uri): LogPanel {
    const panel = new LogPanel(this.#ctx, uri);
    this.#panels.set(uri.toString(), panel);
    panel.onDidShow((showing) => this.#changed.fire(showing));
    panel.onDidDispose(() => {
      this.#panels.delete(uri.toString());
      panel.dispose();
      this.#changed.fire(undefined);
    });
    return panel;
  }

  dispose(): void {
    for (const panel of [...this.#panels.values()]) panel.dispose();
    this.#changed.dispose();
  }
}
