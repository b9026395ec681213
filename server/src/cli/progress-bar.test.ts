import { expect, it } from 'vitest';
import type { Progress } from '../target/progress.ts';
import { showReading } from './progress-bar.ts';

function drawn(isTTY: boolean): string[] {
  const lines: string[] = [];
  let watcher: (target: string, progress: Progress | undefined) => void = () => undefined;
  showReading({ onProgress: (given) => (watcher = given) }, { isTTY, write: (text: string | Uint8Array) => lines.push(String(text)) > 0 });
  watcher('vm', { phase: 'reading the kernel', done: 1_200_000, total: 2_400_000 });
  watcher('b', { phase: 'reading the kernel', done: 50_000 });
  watcher('b', undefined);
  watcher('vm', undefined);
  return lines;
}

it('a bar on the last line, which is empty in the end', () => {
  expect(drawn(true)).toEqual([
    '\r\x1b[Kvm: reading the kernel, 1.2 of 2.4 MB [############            ] 50 %',
    '\r\x1b[Kb: reading the kernel, 0.1 MB (and 1 more)',
    '\r\x1b[Kvm: reading the kernel, 1.2 of 2.4 MB [############            ] 50 %',
    '\r\x1b[K',
  ]);
});
it('nothing where it would only fill a file', () => expect(drawn(false)).toEqual([]));
