/** A notification with a bar while somebody waits for a target. */
import * as vscode from 'vscode';
import { printable } from '../../../server/src/base/text.ts';
import { progressText } from './items.ts';
import type { TargetStore } from './store.ts';

/** What `work` gives; undefined when the person cancelled it. The bar follows what the server tells of the target. */
export function whileConnecting<T>(store: TargetStore, name: string, title: string, work: (token: vscode.CancellationToken) => Thenable<T>): Thenable<T | undefined> {
  const options = { location: vscode.ProgressLocation.Notification, title: printable(title), cancellable: true };
  return vscode.window.withProgress(options, async (bar, token) => {
    let shown = 0;
    const listening = store.onDidChange(() => {
      const progress = store.row(name)?.progress;
      if (!progress) return;
      const percent = Math.max(shown, progress.percent ?? 0);
      bar.report({ message: progressText(progress), increment: percent - shown });
      shown = percent;
    });
    try {
      const result = await work(token);
      return token.isCancellationRequested ? undefined : result;
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      throw error;
    } finally {
      listening.dispose();
    }
  });
}
