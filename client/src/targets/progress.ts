/** A notification with a bar while somebody waits. */
import * as vscode from 'vscode';
import { printable } from '../../../server/src/base/text.ts';
import { progressText } from './items.ts';
import type { TargetStore } from './store.ts';

type Bar = vscode.Progress<{ message?: string; increment?: number }>;

/** What `work` gives; undefined when the person cancelled it, however it ended then. */
export function whileWaiting<T>(title: string, work: (token: vscode.CancellationToken, bar: Bar) => Thenable<T>): Thenable<T | undefined> {
  const options = { location: vscode.ProgressLocation.Notification, title: printable(title), cancellable: true };
  return vscode.window.withProgress(options, async (bar, token) => {
    try {
      const result = await work(token, bar);
      return token.isCancellationRequested ? undefined : result;
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      throw error;
    }
  });
}

/** The same with a bar that follows what the server tells of a target. */
export function whileConnecting<T>(store: TargetStore, name: string, title: string, work: (token: vscode.CancellationToken) => Thenable<T>): Thenable<T | undefined> {
  return whileWaiting(title, async (token, bar) => {
    let shown = 0;
    const listening = store.onDidChange(() => {
      const progress = store.row(name)?.progress;
      if (!progress) return;
      const percent = Math.max(shown, progress.percent ?? 0);
      bar.report({ message: progressText(progress), increment: percent - shown });
      shown = percent;
    });
    try {
      return await work(token);
    } finally {
      listening.dispose();
    }
  });
}
