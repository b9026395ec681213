import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver/node';
import type { Inventories } from '../target/inventories.ts';
import { percentOf, progressText } from '../target/progress.ts';

/** Shows in the editor how far reading a target's kernel has come; an editor that cannot show it is told nothing. */
export function showReading(connection: Pick<Connection, 'window'>, inventories: Pick<Inventories, 'onProgress'>): void {
  const shown = new Map<string, Promise<WorkDoneProgressServerReporter>>();
  inventories.onProgress((target, progress) => {
    const before = shown.get(target);
    if (!progress) {
      shown.delete(target);
      void before?.then((reporter) => reporter.done());
      return;
    }
    const opened = before ?? connection.window.createWorkDoneProgress().then((reporter) => {
      reporter.begin(`Kgent: ${target}`, 0);
      return reporter;
    });
    shown.set(target, opened);
    void opened.then((reporter) => reporter.report(percentOf(progress) ?? 0, progressText(progress)));
  });
}
