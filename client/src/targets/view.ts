/** The sidebar's targets: where programs are checked and run, what is known of it, and what it lacks. */
import * as vscode from 'vscode';
import { printable } from '../../../server/src/base/text.ts';
import type { Ctx } from '../ctx.ts';
import { itemsOf, type Item, type ItemAction, type ItemIcon } from './items.ts';
import type { TargetStore } from './store.ts';

const VIEW = 'kgent.targets';

const ICONS: Readonly<Record<ItemIcon, readonly [icon: string, color?: string] | undefined>> = {
  connecting: ['loading~spin'],
  connected: ['vm', 'testing.iconPassed'],
  limited: ['vm', 'problemsWarningIcon.foreground'],
  current: ['vm-active', 'testing.iconPassed'],
  new: ['vm-outline'],
  offline: ['vm-outline', 'problemsWarningIcon.foreground'],
  unusable: ['error', 'problemsErrorIcon.foreground'],
  none: ['package'],
  missing: ['warning', 'problemsWarningIcon.foreground'],
  why: ['info'],
  remedy: ['lightbulb'],
  command: ['terminal'],
  copy: ['cloud-upload'],
  connect: ['plug'],
  retry: ['refresh'],
  add: ['add'],
  system: ['server-environment'],
  kernel: ['circuit-board'],
  btf: ['symbol-structure'],
  'attach-points': ['target'],
  tools: ['tools'],
  root: ['shield'],
  item: undefined,
};

const COMMANDS: Readonly<Record<ItemAction, string>> = {
  add: 'kgent.addTarget',
  connect: 'kgent.connectTarget',
  copy: 'kgent.copyRemedy',
  'copy-bpftrace': 'kgent.copyBpftrace',
};

class TargetTree implements vscode.TreeDataProvider<Item> {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData: vscode.Event<undefined> = this.#changed.event;
  readonly #store: TargetStore;

  constructor(store: TargetStore) {
    this.#store = store;
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  getChildren(item?: Item): Item[] {
    return [...(item ? item.children : itemsOf(this.#store.rows))];
  }

  getTreeItem(item: Item): vscode.TreeItem {
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const shown = new vscode.TreeItem(printable(item.label), item.children.length === 0 ? None : item.open ? Expanded : Collapsed);
    const icon = ICONS[item.icon];
    shown.id = item.id;
    if (icon) shown.iconPath = new vscode.ThemeIcon(icon[0], icon[1] === undefined ? undefined : new vscode.ThemeColor(icon[1]));
    if (item.description !== undefined) shown.description = printable(item.description);
    shown.tooltip = printable(item.tooltip);
    shown.contextValue = item.context;
    shown.accessibilityInformation = { label: printable(item.spoken) };
    if (item.action) shown.command = { command: COMMANDS[item.action], title: item.label, arguments: [item] };
    return shown;
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

export function registerTargetView(ctx: Ctx, store: TargetStore): void {
  const tree = new TargetTree(store);
  const view = vscode.window.createTreeView(VIEW, { treeDataProvider: tree, showCollapseAll: true });
  const look = (): void => {
    if (!view.visible) return;
    if (ctx.serverState === 'stopped') ctx.start();
    else ctx.background(store.refresh());
  };
  const bar = new ProgressBar(store);
  ctx.extension.subscriptions.push(
    tree,
    view,
    store.onDidChange(() => {
      tree.refresh();
      bar.update();
    }),
    view.onDidChangeVisibility(look),
    vscode.window.onDidChangeWindowState(({ focused }) => focused && look()),
    // Unfolding a target nobody asked yet means that one wants to know.
    view.onDidExpandElement(({ element }) => {
      if (element.icon === 'new') void vscode.commands.executeCommand('kgent.connectTarget', element);
    }),
    ctx.onServerState((state) => void vscode.commands.executeCommand('setContext', 'kgent.serverFailed', state === 'failed')),
  );
  look();
}

/** The bar at the top of the view, as long as a target is connected to or read. */
class ProgressBar {
  readonly #store: TargetStore;
  #end: (() => void) | undefined;

  constructor(store: TargetStore) {
    this.#store = store;
  }

  update(): void {
    const busy = this.#store.rows.some(({ progress }) => progress !== undefined);
    if (busy) return this.#begin();
    this.#end?.();
    this.#end = undefined;
  }

  #begin(): void {
    if (this.#end) return;
    const ended = new Promise<void>((resolve) => (this.#end = resolve));
    void vscode.window.withProgress({ location: { viewId: VIEW } }, () => ended);
  }
}
