/** Proposed texts of open documents, each shown as a diff until it is accepted or discarded. */
import * as vscode from 'vscode';
import { UserError } from '../../../server/src/base/error.ts';
import { changeBetween } from './change.ts';

/** Outside the server's document selector: what is proposed was checked already. */
const SCHEME = 'kgent-fix';

export interface Proposal {
  /** The proposed text as a document. */
  readonly uri: vscode.Uri;
  readonly document: vscode.TextDocument;
  readonly before: string;
  readonly after: string;
}

export class Proposals implements vscode.Disposable {
  readonly #open = new Map<string, Proposal>();
  readonly #subscriptions: vscode.Disposable[];
  #count = 0;

  constructor() {
    this.#subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, { provideTextDocumentContent: (uri) => this.#open.get(uri.toString())?.after ?? '' }),
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const tab of closed) this.#forget(proposedIn(tab));
      }),
    ];
  }

  async show(document: vscode.TextDocument, before: string, proposed: string): Promise<Proposal> {
    const name = document.uri.path.split('/').at(-1) ?? '';
    const after = document.eol === vscode.EndOfLine.CRLF ? proposed.replace(/\r?\n/g, '\r\n') : proposed;
    const proposal = { uri: vscode.Uri.from({ scheme: SCHEME, path: `/${++this.#count}/${name}` }), document, before, after };
    this.#open.set(proposal.uri.toString(), proposal);
    this.#tell();
    await vscode.commands.executeCommand('vscode.diff', document.uri, proposal.uri, `${name}: Fix with Kgent`);
    return proposal;
  }

  /** The proposal a command means: of the diff it was called from, else of the one in front. */
  #meant(uri: unknown): Proposal {
    const front = proposedIn(vscode.window.tabGroups.activeTabGroup.activeTab);
    const proposal = this.#open.get(String(uri instanceof vscode.Uri && uri.scheme === SCHEME ? uri : front));
    if (!proposal) throw new UserError('no-proposal', 'There is no fix to accept or to discard here.');
    return proposal;
  }

  /** Makes the program as proposed, and saves it when it was saved: the kernel judges what is saved. */
  async accept(of?: unknown): Promise<void> {
    const { document: shown, uri, before, after } = this.#meant(of);
    const document = await vscode.workspace.openTextDocument(shown.uri);
    if (document.getText() !== before) throw new UserError('changed', 'The program was changed since this fix was made for it. Copy what you need from the diff, or fix it again.');
    const saves = !document.isDirty && !document.isUntitled;
    const change = changeBetween(before, after);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(document.positionAt(change.start), document.positionAt(change.end)), change.newText);
    await vscode.workspace.applyEdit(edit);
    if (saves) await document.save();
    await this.#close(uri);
    await vscode.window.showTextDocument(document, { preview: false });
  }

  async discard(of?: unknown): Promise<void> {
    await this.#close(this.#meant(of).uri);
  }

  async #close(uri: vscode.Uri): Promise<void> {
    this.#forget(uri);
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => proposedIn(tab)?.toString() === uri.toString());
    await vscode.window.tabGroups.close(tabs);
  }

  #forget(uri: vscode.Uri | undefined): void {
    if (uri && this.#open.delete(uri.toString())) this.#tell();
  }

  /** The buttons of a diff show where there is one of ours. */
  #tell(): void {
    void vscode.commands.executeCommand('setContext', 'kgent.fixes', [...this.#open.values()].map(({ uri }) => uri));
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function proposedIn(tab: vscode.Tab | undefined): vscode.Uri | undefined {
  const { input } = tab ?? {};
  return input instanceof vscode.TabInputTextDiff && input.modified.scheme === SCHEME ? input.modified : undefined;
}
