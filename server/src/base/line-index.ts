import type { Span } from './span.ts';
import type { Position, Range } from './range.ts';

/**
 * The way between UTF-16 offsets and positions as LSP counts them. Lines end at LF, CRLF or a lone CR.
 */
export class LineIndex {
  readonly #starts: readonly number[];
  readonly #text: string;

  constructor(text: string) {
    const starts = [0];
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit === 10 || (unit === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
    }
    this.#starts = starts;
    this.#text = text;
  }

  get count(): number {
    return this.#starts.length;
  }

  /** The position of an offset; offsets outside the text are clamped into it. */
  position(offset: number): Position {
    const at = Math.min(Math.max(offset, 0), this.#text.length);
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: at - (this.#starts[low] ?? 0) };
  }

  /** The offset of a position; a column behind the line's end is the line's end. */
  offset({ line, character }: Position): number {
    if (line < 0) return 0;
    if (line >= this.#starts.length) return this.#text.length;
    return Math.min((this.#starts[line] ?? 0) + Math.max(character, 0), this.#lineEnd(line));
  }

  range({ start, end }: Span): Range {
    return { start: this.position(start), end: this.position(end) };
  }

  span({ start, end }: Range): Span {
    return { start: this.offset(start), end: this.offset(end) };
  }

  /** The text of a line without its terminator. */
  line(line: number): string {
    return this.#text.slice(this.#starts[line] ?? this.#text.length, this.#lineEnd(line));
  }

  #lineEnd(line: number): number {
    let end = this.#starts[line + 1] ?? this.#text.length;
    while (end > (this.#starts[line] ?? 0) && /[\r\n]/.test(this.#text.charAt(end - 1)) && line + 1 < this.#starts.length) end--;
    return end;
  }
}
