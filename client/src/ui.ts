/**
 * Every question and message of the extension goes through this seam, so that the editor suite
 * can answer for the user without the product having a way around its questions.
 */
import * as vscode from 'vscode';

export type Gravity = 'info' | 'warning' | 'error';

export interface Ui {
  input(options: vscode.InputBoxOptions): Thenable<string | undefined>;
  pick<T extends vscode.QuickPickItem>(items: readonly T[] | Thenable<readonly T[]>, options: vscode.QuickPickOptions): Thenable<T | undefined>;
  /** A modal question; closing it answers undefined. The first button is the one Enter presses. */
  ask(message: string, detail: string, ...buttons: string[]): Thenable<string | undefined>;
  tell(gravity: Gravity, message: string, ...buttons: string[]): Thenable<string | undefined>;
  /** A file of the machine the extension runs on. */
  file(options: vscode.OpenDialogOptions): Thenable<vscode.Uri | undefined>;
}

const show = {
  info: vscode.window.showInformationMessage,
  warning: vscode.window.showWarningMessage,
  error: vscode.window.showErrorMessage,
} as const;

export const editorUi: Ui = {
  input: (options) => vscode.window.showInputBox(options),
  pick: (items, options) => vscode.window.showQuickPick(items, options),
  ask: (message, detail, ...buttons) => vscode.window.showWarningMessage(message, { modal: true, detail }, ...buttons),
  tell: (gravity, message, ...buttons) => show[gravity](message, ...buttons),
  file: async (options) => (await vscode.window.showOpenDialog({ ...options, canSelectMany: false }))?.[0],
};
