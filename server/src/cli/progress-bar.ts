import type { Inventories } from '../target/inventories.ts';
import { percentOf, progressText, type Progress } from '../target/progress.ts';

/** Back to the line's beginning and clear it: what is written next takes the bar's place. */
export const CLEAR = '\r\x1b[K';

/** What to write before anything else that goes to the same terminal. */
export function clearing(stream: Pick<NodeJS.WriteStream, 'isTTY'>): string {
  return stream.isTTY ? CLEAR : '';
}

/** Characters of the bar itself. */
const WIDTH = 24;

/** Draws how far reading a kernel has come on a terminal's last line; several targets share it. Nothing where there is no terminal. */
export function showReading(inventories: Pick<Inventories, 'onProgress'>, stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>): void {
  if (!stream.isTTY) return;
  const reading = new Map<string, Progress>();
  inventories.onProgress((target, progress) => {
    reading.delete(target);
    // The one that was told of last is drawn last.
    if (progress) reading.set(target, progress);
    const [name, now] = [...reading].at(-1) ?? [];
    stream.write(name === undefined || !now ? CLEAR : `${CLEAR}${barText(name, now, reading.size)}`);
  });
}

/** `debian-vm: reading the kernel, 1.2 of 2.8 MB [##########              ] 43 %`. */
export function barText(target: string, progress: Progress, targets: number): string {
  const percent = percentOf(progress);
  const bar = percent === undefined ? '' : filledBar(percent);
  return `${target}: ${progressText(progress)}${bar}${targets > 1 ? ` (and ${targets - 1} more)` : ''}`;
}

/** ` [##########              ] 43 %`. */
export function filledBar(percent: number): string {
  const filled = Math.round((WIDTH * percent) / 100);
  return ` [${'#'.repeat(filled)}${' '.repeat(WIDTH - filled)}] ${percent} %`;
}
