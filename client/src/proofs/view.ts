/** The sidebar's "Counterexample": what was proved and refuted of a program, stepped through in its source. */
import * as vscode from 'vscode';
import type { Proofs } from '../../../server/src/protocol.ts';
import { itemsOf, refutedAt, stopsOf, wayOf, type Item } from './items.ts';

export const VIEW = 'kgent.counterexample';
/** What a click on an item does. Not the selection: that also changes when the view itself moves it, later. */
export const GO = '_kgent.goToStep';

const ICONS: Readonly<Record<Item['icon'], readonly [icon: string, color?: string]>> = {
  proved: ['pass', 'testing.iconPassed'],
  refuted: ['error', 'problemsErrorIcon.foreground'],
  unknown: ['question', 'problemsInfoIcon.foreground'],
  event: ['zap'],
  input: ['arrow-right'],
  step: ['debug-step-over'],
  violated: ['error', 'problemsErrorIcon.foreground'],
  rests: ['shield'],
};

/** What the editor suite sees. */
export interface ProofShowing {
  readonly items: readonly Item[];
  /** The step one is at, and what stands at the ends of lines. */
  readonly step: string | undefined;
  readonly notes: readonly string[];
}

export class ProofView implements vscode.TreeDataProvider<Item>, vscode.Disposable {
  readonly #tree: vscode.TreeView<Item>;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #showing = new vscode.EventEmitter<ProofShowing>();
  readonly #note = vscode.window.createTextEditorDecorationType({ after: { margin: '0 0 0 3em', color: new vscode.ThemeColor('editorInlayHint.foreground') } });
  readonly #here = vscode.window.createTextEditorDecorationType({ isWholeLine: true, backgroundColor: new vscode.ThemeColor('editor.stackFrameHighlightBackground') });
  readonly onDidChangeTreeData: vscode.Event<undefined> = this.#changed.event;
  readonly onDidShow: vscode.Event<ProofShowing> = this.#showing.event;
  #uri: vscode.Uri | undefined;
  #items: readonly Item[] = [];
  /** All items by their ids, with what they are in. By id, because the same items are made anew with each check. */
  readonly #known = new Map<string, { readonly item: Item; readonly top: Item; readonly parent: Item | undefined }>();
  /** The counterexample that is stepped through. */
  #stops: readonly Item[] = [];
  #at = -1;
  #notes: readonly string[] = [];

  constructor() {
    this.#tree = vscode.window.createTreeView(VIEW, { treeDataProvider: this, showCollapseAll: true });
  }

  get uri(): vscode.Uri | undefined {
    return this.#uri;
  }

  get showing(): ProofShowing {
    return { items: this.#items, step: this.#stops[this.#at]?.label, notes: this.#notes };
  }

  getChildren(item?: Item): Item[] {
    return [...(item ? item.children : this.#items)];
  }

  getParent(item: Item): Item | undefined {
    return this.#known.get(item.id)?.parent;
  }

  getTreeItem({ id, label, description, tooltip, icon, children, open }: Item): vscode.TreeItem {
    const state = children.length === 0 ? vscode.TreeItemCollapsibleState.None : open ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
    const [name, color] = ICONS[icon];
    return { id, label, tooltip, collapsibleState: state, command: { title: 'Show', command: GO, arguments: [id] }, iconPath: new vscode.ThemeIcon(name, color === undefined ? undefined : new vscode.ThemeColor(color)), ...(description === undefined ? {} : { description }) };
  }

  /** Somebody wants to see what is known of a document, from the counterexample that a (zero-based) line is about. */
  async show(uri: vscode.Uri, proofs: Proofs | null, line?: number): Promise<void> {
    this.#uri = uri;
    this.#renew(proofs);
    this.#walk(refutedAt(this.#items, line));
    const first = this.#stops[0] ?? this.#items.find(({ stop }) => stop?.line === line) ?? this.#items[0];
    if (!first) return this.#decorate();
    await this.choose(first.id);
    await this.#reveal(first.id);
  }

  /** Something else became known of the document that is shown. Nobody asked for it: editors and cursors stay where they are. */
  refresh(proofs: Proofs): void {
    const before = wayOf(this.#stops);
    const at = this.#at;
    this.#renew(proofs);
    // Still refuted along the same way: one goes on from the same step.
    const same = this.#items.find((item) => item.icon === 'refuted' && wayOf(stopsOf(item)) === before);
    this.#walk(same ?? refutedAt(this.#items, undefined), same ? at : -1);
    this.#decorate();
  }

  async step(by: number): Promise<void> {
    const next = this.#stops[Math.min(Math.max(this.#at + by, 0), this.#stops.length - 1)];
    if (!next) return;
    await this.choose(next.id);
    await this.#reveal(next.id);
  }

  /** Its text changed: what was found no longer stands where it did. */
  forget(): void {
    this.#walk(undefined);
    this.#decorate();
  }

  /** A person goes to an item: from now on its counterexample is stepped through. */
  async choose(id: string): Promise<void> {
    const found = this.#known.get(id);
    if (!found) return;
    if (!this.#stops.includes(found.item) && found.top.icon === 'refuted') this.#walk(found.top);
    const at = this.#stops.indexOf(found.item);
    if (at >= 0) this.#at = at;
    const { stop } = found.item;
    if (!stop || !this.#uri) return this.#decorate();
    const document = await vscode.workspace.openTextDocument(this.#uri);
    const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
    const editor = shown ?? (await vscode.window.showTextDocument(document, { preserveFocus: true, preview: false }));
    const place = new vscode.Position(Math.min(stop.line, document.lineCount - 1), stop.character);
    editor.selection = new vscode.Selection(place, place);
    editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    this.#decorate(editor);
  }

  async #reveal(id: string): Promise<void> {
    const found = this.#known.get(id);
    if (found) await this.#tree.reveal(found.item, { select: true, focus: false, expand: true });
  }

  #renew(proofs: Proofs | null): void {
    this.#items = proofs ? itemsOf(proofs) : [];
    this.#known.clear();
    for (const item of this.#items) this.#adopt(item, item);
    this.#tree.message = proofs ? (this.#items.length === 0 ? 'There is nothing to prove in this program: no contract, and nothing that could break a built-in property.' : '') : 'Nothing is known of the program as it is now: it has errors, or was changed. Save it, or choose "Prove now".';
    this.#changed.fire(undefined);
  }

  /** From now on this counterexample is stepped through. */
  #walk(item: Item | undefined, at = -1): void {
    this.#stops = item ? stopsOf(item) : [];
    this.#at = at;
    void vscode.commands.executeCommand('setContext', 'kgent.hasCounterexample', this.#stops.length > 0);
  }

  #adopt(item: Item, top: Item, parent?: Item): void {
    this.#known.set(item.id, { item, top, parent });
    for (const child of item.children) this.#adopt(child, top, item);
  }

  /** What is known up to the step, at the ends of the lines; the last one of a line counts. */
  #decorate(editor?: vscode.TextEditor): void {
    const notes = new Map<number, string>();
    for (const { stop } of this.#stops.slice(0, this.#at + 1)) if (stop?.note !== undefined) notes.set(stop.line, stop.note);
    const here = this.#stops[this.#at]?.stop;
    const editors = editor ? [editor] : vscode.window.visibleTextEditors.filter(({ document }) => document.uri.toString() === this.#uri?.toString());
    for (const one of editors) {
      const last = one.document.lineCount - 1;
      one.setDecorations(this.#note, [...notes].filter(([line]) => line <= last).map(([line, text]) => ({ range: one.document.lineAt(line).range, renderOptions: { after: { contentText: text } } })));
      one.setDecorations(this.#here, here && here.line <= last ? [one.document.lineAt(here.line).range] : []);
    }
    this.#notes = [...notes.values()];
    this.#showing.fire(this.showing);
  }

  dispose(): void {
    for (const disposable of [this.#tree, this.#changed, this.#showing, this.#note, this.#here]) disposable.dispose();
  }
}
