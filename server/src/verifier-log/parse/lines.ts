/** Lines of a long text by number, cut when asked for: a log of 50 MB is never taken apart as a whole. */
export class LogText {
  readonly text: string;
  /** Where each line begins, and one past the end: `count + 1` numbers. */
  readonly #starts: Uint32Array;
  readonly count: number;

  constructor(text: string) {
    this.text = text;
    let starts = new Uint32Array(1024);
    let count = 0;
    let at = 0;
    for (;;) {
      if (count + 2 > starts.length) {
        const more = new Uint32Array(starts.length * 2);
        more.set(starts);
        starts = more;
      }
      starts[count++] = at;
      const end = text.indexOf('\n', at);
      if (end < 0) break;
      at = end + 1;
    }
    starts[count] = text.length + 1;
    this.#starts = starts;
    this.count = count;
  }

  /** Offset of the line's first character. */
  start(line: number): number {
    return this.#starts[line] ?? this.text.length;
  }

  /** Offset behind the line's last character, its LF not counted. */
  end(line: number): number {
    return Math.max((this.#starts[line + 1] ?? this.text.length + 1) - 1, this.start(line));
  }

  /** The line without its terminator; empty when there is no such line. */
  at(line: number): string {
    if (line < 0 || line >= this.count) return '';
    const text = this.text.slice(this.start(line), this.end(line));
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  }
}
