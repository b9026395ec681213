import type { RunEnded, RunEvent } from './events.ts';

/** Counts and bounds what a run prints, and remembers the last content of its maps. */
export class Collector {
  readonly #emit: (event: RunEvent) => void;
  readonly #maxLines: number;
  #lines = 0;
  #maps: Record<string, unknown> = {};
  attached = false;

  constructor(maxLines: number, emit: (event: RunEvent) => void) {
    this.#maxLines = maxLines;
    this.#emit = emit;
  }

  readonly take = (event: RunEvent): void => {
    if (event.event === 'attached') this.attached = true;
    if (event.event === 'map') this.#maps[event.name] = event.value;
    if (event.event === 'line' && ++this.#lines > this.#maxLines) {
      if (this.#lines === this.#maxLines + 1) this.#emit({ event: 'warning', text: `More than ${this.#maxLines} lines: further lines are counted and dropped.` });
      return;
    }
    this.#emit(event);
  };

  ended(outcome: RunEnded['outcome'], rest: { message?: string; exitCode?: number } = {}): RunEnded {
    return { event: 'ended', outcome, ...rest, maps: this.#maps, lines: this.#lines, dropped: Math.max(0, this.#lines - this.#maxLines) };
  }
}
