/**
 * Every question and message of the extension goes through this seam, so that the editor suite
 * can answer for the user without the product having a way around its questions.
 */
import * as vscode from 'vscode';
import { describeError } from '../../server/src/base/error.ts';

export type Gravity = 'info' | 'warning' | 'error';

export interface Ui {
  input(options: vscode.InputBoxOptions): Thenable<string | undefined>;
  pick<T extends vscode.QuickPickItem>(items: readonly T[] | Thenable<readonly T[]>, options: vscode.QuickPickOptions): Thenable<T | undefined>;
  pickMany<T extends vscode.QuickPickItem>(items: readonly T[], options: vscode.QuickPickOptions): Thenable<readonly T[] | undefined>;
  /** Proposals that follow what is typed, and what a person chose with. */
  live<T extends vscode.QuickPickItem>(options: LiveOptions<T>): Thenable<LiveChoice<T> | undefined>;
  /** A modal question; closing it answers undefined. The first button is the one Enter presses. */
  ask(message: string, detail: string, ...buttons: string[]): Thenable<string | undefined>;
  tell(gravity: Gravity, message: string, ...buttons: string[]): Thenable<string | undefined>;
  /** A file of the machine the extension runs on. */
  file(options: vscode.OpenDialogOptions): Thenable<vscode.Uri | undefined>;
}

export interface LiveOptions<T extends vscode.QuickPickItem> {
  readonly title: string;
  readonly placeholder: string;
  readonly value?: string;
  /** What is offered for a text. Without `follow` it is asked once, and the editor filters. */
  readonly items: (text: string, token: vscode.CancellationToken) => Promise<readonly T[]>;
  readonly follow: boolean;
  /** The item a person looks at. */
  readonly look: (item: T) => void;
}

/** `button`: the one that was pressed beside the item; undefined when the item itself was chosen. */
export interface LiveChoice<T> {
  readonly item: T;
  readonly button?: vscode.QuickInputButton;
}

const show = {
  info: vscode.window.showInformationMessage,
  warning: vscode.window.showWarningMessage,
  error: vscode.window.showErrorMessage,
} as const;

export const editorUi: Ui = {
  input: (options) => vscode.window.showInputBox(options),
  pick: (items, options) => vscode.window.showQuickPick(items, options),
  pickMany: (items, options) => vscode.window.showQuickPick(items, { ...options, canPickMany: true }),
  live: (options) => new LivePick(options).choice,
  ask: (message, detail, ...buttons) => vscode.window.showWarningMessage(message, { modal: true, detail }, ...buttons),
  tell: (gravity, message, ...buttons) => show[gravity](message, ...buttons),
  file: async (options) => (await vscode.window.showOpenDialog({ ...options, canSelectMany: false }))?.[0],
};

/** A quick pick that stays open while a preview opens beside it. */
class LivePick<T extends vscode.QuickPickItem> {
  readonly choice: Promise<LiveChoice<T> | undefined>;
  readonly #options: LiveOptions<T>;
  readonly #picker = vscode.window.createQuickPick<T>();
  #asking = new vscode.CancellationTokenSource();

  constructor(options: LiveOptions<T>) {
    const picker = this.#picker;
    this.#options = options;
    Object.assign(picker, { title: options.title, placeholder: options.placeholder, value: options.value ?? '', ignoreFocusOut: true, matchOnDescription: true, matchOnDetail: true });
    this.choice = new Promise((resolve) => {
      picker.onDidAccept(() => {
        const [item] = picker.selectedItems;
        if (item) resolve({ item });
      });
      picker.onDidTriggerItemButton(({ item, button }) => resolve({ item, button }));
      picker.onDidHide(() => resolve(undefined));
    });
    picker.onDidChangeActive(([item]) => item && options.look(item));
    if (options.follow) picker.onDidChangeValue(() => void this.#refresh());
    void this.choice.finally(() => this.#close());
    picker.show();
    void this.#refresh();
  }

  async #refresh(): Promise<void> {
    this.#asking.cancel();
    const asking = (this.#asking = new vscode.CancellationTokenSource());
    const picker = this.#picker;
    picker.busy = true;
    try {
      const items = await this.#options.items(picker.value, asking.token);
      if (!asking.token.isCancellationRequested) picker.items = items;
    } catch (error) {
      if (!asking.token.isCancellationRequested) picker.placeholder = describeError(error);
    }
    if (!asking.token.isCancellationRequested) picker.busy = false;
  }

  #close(): void {
    this.#asking.cancel();
    this.#picker.dispose();
  }
}
