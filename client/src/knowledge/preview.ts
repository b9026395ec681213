/** What is known of the proposal a person looks at: a read-only document beside the editor, which keeps the focus where it is. */
import * as vscode from 'vscode';

/** Outside the server's document selector: nothing here is a program of the user's. */
const SCHEME = 'kgent-known';

export class Preview implements vscode.TextDocumentContentProvider {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #texts = new Map<string, string>();
  #showing: Promise<void> = Promise.resolve();

  constructor(subscriptions: vscode.Disposable[]) {
    subscriptions.push(this.#changed, vscode.workspace.registerTextDocumentContentProvider(SCHEME, this));
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.path) ?? '';
  }

  /** `name` gives the document its language. */
  show(name: string, text: string): Promise<void> {
    return (this.#showing = this.#show(name, text));
  }

  async #show(name: string, text: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}` });
    this.#texts.set(uri.path, text);
    this.#changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
  }

  /** Closes what was shown, and forgets it. */
  async close(): Promise<void> {
    // What is still being opened would stay open.
    await this.#showing.catch(() => undefined);
    this.#texts.clear();
    const tabs = vscode.window.tabGroups.all.flatMap(({ tabs: all }) => all).filter(({ input }) => input instanceof vscode.TabInputText && input.uri.scheme === SCHEME);
    await vscode.window.tabGroups.close(tabs, true);
  }
}
