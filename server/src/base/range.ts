/** Zero-based line and UTF-16 column, as LSP counts them. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Half-open: `end` is the first position that no longer belongs to it. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export function range(startLine: number, startCharacter: number, endLine: number, endCharacter: number): Range {
  return {
    start: { line: startLine, character: startCharacter },
    end: { line: endLine, character: endCharacter },
  };
}

export const emptyRange: Range = range(0, 0, 0, 0);

/**
 * Lines of a text, and the way from a tool's byte columns to UTF-16 columns.
 * A line ends at LF or CRLF; the terminator does not belong to it.
 */
export class Lines {
  readonly #lines: readonly string[];

  constructor(text: string) {
    this.#lines = text.split(/\r?\n/);
  }

  get count(): number {
    return this.#lines.length;
  }

  /** The text of a line; empty when there is no such line. */
  at(line: number): string {
    return this.#lines[line] ?? '';
  }

  /** UTF-16 column of a zero-based UTF-8 byte column; columns past the end stop at the end. */
  utf16Column(line: number, byteColumn: number): number {
    const text = this.at(line);
    let bytes = 0;
    let column = 0;
    for (const char of text) {
      if (bytes >= byteColumn) break;
      bytes += Buffer.byteLength(char);
      column += char.length;
    }
    return column;
  }

  /** A range clamped into the text, never inverted. */
  clamp(startLine: number, startCharacter: number, endLine: number, endCharacter: number): Range {
    const line = (n: number): number => Math.min(Math.max(n, 0), this.count - 1);
    const column = (n: number, l: number): number => Math.min(Math.max(n, 0), this.at(l).length);
    const l1 = line(startLine);
    const c1 = column(startCharacter, l1);
    const l2 = Math.max(line(endLine), l1);
    const c2 = column(endCharacter, l2);
    return range(l1, c1, l2, l1 === l2 ? Math.max(c1, c2) : c2);
  }

  /** The whole line without its indentation. */
  wholeLine(line: number): Range {
    const text = this.at(line);
    return this.clamp(line, text.length - text.trimStart().length, line, text.trimEnd().length);
  }

  /** The position of a UTF-16 offset into the text with LF line ends. */
  static positionAt(text: string, offset: number): Position {
    const before = text.slice(0, offset);
    const line = before.split('\n').length - 1;
    return { line, character: offset - (before.lastIndexOf('\n') + 1) };
  }
}
