/** The sidebar: the steps of the current generation as they happen. */
import * as vscode from 'vscode';
import { printable, shorten } from '../../../server/src/base/text.ts';
import type { GenerationState } from './state.ts';
import type { Step, StepIcon } from './steps.ts';
import type { GenerationStore } from './store.ts';

/** The model's answer comes in hundreds of pieces a second; the tree needs to move a few times. */
const REFRESH_MS = 100;

const ICONS: Readonly<Record<StepIcon, readonly [icon: string, color?: string]>> = {
  running: ['loading~spin'],
  waiting: ['watch'],
  passed: ['pass', 'testing.iconPassed'],
  failed: ['error', 'testing.iconFailed'],
  skipped: ['debug-step-over', 'testing.iconSkipped'],
  cancelled: ['circle-slash', 'testing.iconSkipped'],
  search: ['search'],
  hit: ['book'],
  draft: ['file-code'],
  feedback: ['reply'],
  error: ['error', 'problemsErrorIcon.foreground'],
  warning: ['warning', 'problemsWarningIcon.foreground'],
  info: ['info', 'problemsInfoIcon.foreground'],
};

class StepTree implements vscode.TreeDataProvider<Step> {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData: vscode.Event<undefined> = this.#changed.event;
  readonly #store: GenerationStore;
  #timer: NodeJS.Timeout | undefined;

  constructor(store: GenerationStore) {
    this.#store = store;
  }

  refresh(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changed.fire(undefined);
    }, REFRESH_MS);
  }

  getChildren(step?: Step): Step[] {
    return [...(step ? step.children : this.#store.steps())];
  }

  /** `reveal` needs it; only the first step is ever revealed. */
  getParent(): undefined {
    return undefined;
  }

  getTreeItem(step: Step): vscode.TreeItem {
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(printable(step.label), step.children.length === 0 ? None : step.folded ? Collapsed : Expanded);
    const [icon, color] = ICONS[step.icon];
    item.id = step.id;
    item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
    if (step.description !== undefined) item.description = printable(step.description);
    item.tooltip = printable(step.tooltip ?? step.label);
    item.accessibilityInformation = { label: printable([step.icon, step.label, step.description].filter(Boolean).join(', ')) };
    if (step.opens) item.command = { command: 'kgent.showStep', title: 'Show', arguments: [step.opens] };
    return item;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#changed.dispose();
  }
}

/** The sentence, and who drafts for which target. */
function headline({ sentence, started }: GenerationState): string {
  const said = `“${printable(shorten(sentence, 200)).replaceAll('\n', ' ')}”`;
  if (!started) return said;
  const who = started.drafter.kind === 'model' ? started.drafter.model : 'no model: a checked example is retrieved';
  return `${said} · ${printable(`${started.language === 'c' ? 'BPF C' : 'bpftrace'} for ${started.target} · ${who}`)}`;
}

export function registerView(subscriptions: vscode.Disposable[], store: GenerationStore): void {
  const tree = new StepTree(store);
  const view = vscode.window.createTreeView('kgent.generation', { treeDataProvider: tree, showCollapseAll: true });
  let shown: string | undefined;
  subscriptions.push(tree, view, store.onDidChange((state) => {
    view.message = headline(state);
    tree.refresh();
    void vscode.commands.executeCommand('setContext', 'kgent.generating', store.isRunning);
    const [first] = store.steps();
    if (!first || shown === state.id) return;
    shown = state.id;
    // Brings the view to the front without taking the focus from where the user works.
    void view.reveal(first, { focus: false, select: false });
  }));
}
