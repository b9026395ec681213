import type { Span } from '../../base/span.ts';

/** Where lines begin and end. */
export class LinesOf {
  readonly #starts: number[] = [0];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  /** From 1. */
  line(offset: number): number {
    let [low, high] = [0, this.#starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Without the white space around its text. */
  span(line: number): Span | undefined {
    const start = this.#starts[line - 1];
    if (start === undefined) return undefined;
    const text = this.#text.slice(start, this.#starts[line] ?? this.#text.length);
    const from = start + text.length - text.trimStart().length;
    return { start: Math.min(from, start + text.length), end: start + text.trimEnd().length };
  }
}
