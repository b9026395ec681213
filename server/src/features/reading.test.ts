import { expect, it } from 'vitest';
import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver/node';
import type { Progress } from '../target/progress.ts';
import { showReading } from './reading.ts';

it('one progress for a target, from its first word to its end', async () => {
  const told: unknown[][] = [];
  const reporter: Pick<WorkDoneProgressServerReporter, 'begin' | 'report' | 'done'> = { begin: (...words) => void told.push(words), report: (...words: unknown[]) => void told.push(words), done: () => void told.push(['done']) };
  let watcher: (target: string, progress: Progress | undefined) => void = () => undefined;
  const window = { createWorkDoneProgress: () => Promise.resolve(reporter) } as unknown as Connection['window'];
  showReading({ window }, { onProgress: (given) => (watcher = given) });
  watcher('vm', { phase: 'reading the kernel', done: 1_000_000, total: 4_000_000 });
  watcher('vm', { phase: 'opening the kernel', done: 0 });
  watcher('vm', undefined);
  watcher('vm', undefined);
  await new Promise(setImmediate);
  expect(told).toEqual([['Kgent: vm', 0], [25, 'reading the kernel, 1.0 of 4.0 MB'], [0, 'opening the kernel'], ['done']]);
});
