import { flatGap, type Piece } from './gaps.ts';

export interface FormatOptions {
  /** Columns of one level, and of a tab. */
  readonly tabSize: number;
  readonly insertSpaces: boolean;
}

/** Columns up to which a block with one statement stays on the line it was written on. */
const WIDTH = 100;

interface Open {
  readonly kind: 'block' | 'line-block' | 'group' | 'predicate';
}

/** The white space before each piece, in order; line ends are LF here. */
export function layOut(pieces: readonly Piece[], options: FormatOptions): string[] {
  const layout = new Layout(pieces, options);
  return pieces.map((_, i) => layout.next(i));
}

const CLOSES = new Set(['}', ')', ']']);

class Layout {
  readonly #pieces: readonly Piece[];
  readonly #options: FormatOptions;
  readonly #closers: readonly number[];
  readonly #open: Open[] = [];
  /** The last piece that is no comment. */
  #last: Piece | undefined;
  #column = 0;
  /** Indentation, as written, of the line the current statement begins on. */
  #written = '';

  constructor(pieces: readonly Piece[], options: FormatOptions) {
    this.#pieces = pieces;
    this.#options = options;
    this.#closers = matchBrackets(pieces);
  }

  /** The gap before a piece; pieces are asked for in order, once each. */
  next(index: number): string {
    const piece = this.#pieces[index];
    if (!piece) return '';
    const previous = this.#pieces[index - 1];
    if (CLOSES.has(piece.text) && piece.kind === 'operator') this.#closing = this.#open.pop();
    else this.#closing = undefined;
    const gap = previous ? this.#gap(previous, piece) : '';
    this.#advance(gap, piece);
    this.#enter(piece, index);
    return gap;
  }

  #closing: Open | undefined;

  #gap(a: Piece, b: Piece): string {
    const breaks = this.#breaks(a, b);
    if (breaks > 0) return '\n'.repeat(breaks) + this.#indentation(b);
    // Comments behind code may stand in a column of their own.
    if (b.role === 'line-comment' && b.before !== '') return b.before;
    return flatGap(a, b);
  }

  /** How many line ends stand between two pieces. */
  #breaks(a: Piece, b: Piece): number {
    const written = Math.min(b.breaks, 2);
    if (b.startsItem) return Math.max(written, 1);
    if (a.role === 'line-comment') return this.#closing?.kind === 'block' ? 1 : Math.max(written, 1);
    if (b.role === 'line-comment' || b.role === 'block-comment') return a.text === '{' && this.#top === 'block' ? Math.min(written, 1) : written;
    if (a.role === 'block-comment' && written > 0) return this.#closing ? 1 : written;
    if (this.#closing) return this.#closing.kind === 'block' || (this.#closing.kind === 'group' && written > 0) ? 1 : 0;
    if (this.#top === 'block') return this.#inBlock(a, b, written);
    if (this.#top === 'line-block') return 0;
    // Inside brackets and in a header a person's line breaks are kept.
    return this.#open.length === 0 && a.text === '}' ? written : Math.min(written, 1);
  }

  #inBlock(a: Piece, b: Piece, written: number): number {
    if (a.text === '{') return 1;
    if (b.text === '{' || /^(?:else|[;,)\]])$/.test(b.text)) return 0;
    if (a.text === ';' || (a.text === '}' && b.role !== 'binary')) return Math.max(written, 1);
    return Math.min(written, 1);
  }

  get #top(): Open['kind'] | undefined {
    return this.#open.at(-1)?.kind;
  }

  #indentation(b: Piece): string {
    const { insertSpaces, tabSize } = this.#options;
    const level = insertSpaces ? ' '.repeat(tabSize) : '\t';
    const indentation = level.repeat(this.#open.filter((o) => o.kind === 'block').length);
    const written = b.breaks > 0 ? (/[^\r\n]*$/.exec(b.before)?.[0] ?? '') : this.#written;
    if (this.#continues(b)) return indentation + (this.#alignment(written) ?? level);
    this.#written = written;
    return indentation;
  }

  /** How a person aligned a continued line, relative to its statement; undefined when not at all. */
  #alignment(written: string): string | undefined {
    const rest = written.startsWith(this.#written) ? written.slice(this.#written.length) : '';
    if (rest === '') return undefined;
    return this.#options.insertSpaces ? rest.replaceAll('\t', ' '.repeat(this.#options.tabSize)) : rest;
  }

  /** Whether a line goes on with what an earlier line began. */
  #continues(b: Piece): boolean {
    if (b.startsItem || !this.#last) return false;
    if (this.#closing) return false;
    if (this.#top === undefined) return this.#last.text !== '}' && !startsHeaderLine(b) && !isComment(b) && this.#last.text !== ';';
    if (this.#top !== 'block') return true;
    return !/^[{};]$/.test(this.#last.text) && b.text !== '{' && this.#last.kind !== 'opaque';
  }

  #advance(gap: string, piece: Piece): void {
    const written = gap + piece.text;
    const lineStart = written.lastIndexOf('\n') + 1;
    this.#column = (lineStart > 0 ? 0 : this.#column) + columns(written.slice(lineStart), this.#options.tabSize);
  }

  #enter(piece: Piece, index: number): void {
    if (!isComment(piece)) this.#last = piece;
    if (piece.role === 'open-slash') this.#open.push({ kind: 'predicate' });
    else if (piece.role === 'close-slash') this.#open.pop();
    else if (piece.kind !== 'operator') return;
    else if (piece.text === '(' || piece.text === '[') this.#open.push({ kind: 'group' });
    else if (piece.text === '{') this.#open.push({ kind: this.#fitsOnLine(index) ? 'line-block' : 'block' });
  }

  /** A block of one line with one statement at most stays so, when there is room. */
  #fitsOnLine(index: number): boolean {
    let width = this.#column;
    let statements = 0;
    for (let i = index + 1; i <= (this.#closers[index] ?? -1); i++) {
      const [before, piece] = [this.#pieces[i - 1], this.#pieces[i]];
      if (!before || !piece || piece.breaks > 0 || piece.role === 'line-comment' || piece.text === '{') return false;
      if (i === this.#closers[index]) return statements <= 1;
      if (piece.text !== ';' && (i === index + 1 || before.text === ';')) statements++;
      width += piece.text.length + flatGap(before, piece).length;
      if (width > WIDTH) return false;
    }
    return false;
  }
}

/** Parts of a header that stand at the start of their line. */
function startsHeaderLine(b: Piece): boolean {
  return b.kind === 'opaque' || b.role === 'open-slash' || b.text === '{';
}

function isComment(piece: Piece): boolean {
  return piece.role === 'line-comment' || piece.role === 'block-comment';
}

function columns(text: string, tabSize: number): number {
  return [...text].reduce((sum, char) => sum + (char === '\t' ? tabSize : 1), 0);
}

/** For each opening bracket the index of its closing one, -1 without one. */
function matchBrackets(pieces: readonly Piece[]): number[] {
  const closers = pieces.map(() => -1);
  const open: number[] = [];
  pieces.forEach(({ kind, text }, index) => {
    if (kind !== 'operator') return;
    if (/^[([{]$/.test(text)) open.push(index);
    else if (CLOSES.has(text)) {
      const opener = open.pop();
      if (opener !== undefined) closers[opener] = index;
    }
  });
  return closers;
}
