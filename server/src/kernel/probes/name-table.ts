import { textOf } from '../record.ts';
import { inPieces, type Steps } from '../turns.ts';
import { matchesPattern, type Pattern } from './pattern.ts';

const NEWLINE = 10;
const SPACE = 32;
/** The `]` after a group. */
const CLOSE = 93;

/**
 * Names, each with the group it is in, packed into one array of bytes: functions with their modules, events with their
 * categories. The bytes are lines `NAME` or `NAME [GROUP]`, sorted by their bytes, so by name and then by group; a
 * name may stand there for several groups. 150,000 functions are 4 MB.
 */
export class NameTable {
  /** How many lines. */
  readonly count: number;
  /** The groups; that of lines without one is the first. */
  readonly groups: readonly string[];
  /** All lines. A row's name begins at `start` and is `length` long. */
  readonly bytes: Uint8Array;
  readonly #buffer: Buffer;
  readonly #starts: Uint32Array;
  readonly #lengths: Uint16Array;
  readonly #groupOf: Uint16Array;
  /** Made when names are first searched for a piece. */
  #namesOnly: { readonly bytes: Buffer; readonly starts: Uint32Array } | undefined;

  private constructor({ bytes, starts, lengths, groupOf, groups }: Layout) {
    this.count = lengths.length;
    this.groups = groups;
    this.bytes = bytes;
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#starts = starts;
    this.#lengths = lengths;
    this.#groupOf = groupOf;
  }

  /** `ownGroup`: the group of lines without one. Lines that are not in order are sorted. */
  static *of(text: Uint8Array, ownGroup: string): Steps<NameTable> {
    return new NameTable(yield* layOut(text, ownGroup));
  }

  name(row: number): string {
    const start = this.start(row);
    return this.#buffer.toString('latin1', start, start + this.length(row));
  }

  group(row: number): string {
    return this.groups[this.#groupOf[row] ?? 0] ?? '';
  }

  groupNumber(row: number): number {
    return this.#groupOf[row] ?? 0;
  }

  start(row: number): number {
    return this.#starts[row] ?? 0;
  }

  length(row: number): number {
    return this.#lengths[row] ?? 0;
  }

  /** Whether the row before has the same name. */
  repeats(row: number): boolean {
    const length = this.length(row);
    const [start, before] = [this.start(row), this.start(row - 1)];
    let at = 0;
    if (row > 0 && this.length(row - 1) === length) while (at < length && this.bytes[start + at] === this.bytes[before + at]) at++;
    return row > 0 && at === length;
  }

  /** The rows of a name, from and up to; none when the two are equal. */
  rowsOf(name: string): readonly [from: number, to: number] {
    const bytes = encoder.encode(name);
    const from = this.#firstRow((row) => this.#compare(row, bytes) >= 0);
    let to = from;
    while (to < this.count && this.#compare(to, bytes) === 0) to++;
    return [from, to];
  }

  /** Visits the rows that are taken and whose name matches, in order, until `visit` answers false. */
  scan(pattern: Pattern, takes: (row: number) => boolean, visit: (row: number) => boolean): void {
    const first = pattern.pieces[0] ?? new Uint8Array();
    const [from, to] = first.length > 0 ? this.#rowsWith(first) : [0, this.count];
    // Looking for a rare piece in the bytes is faster than looking at each row; for one letter it is not.
    const jump = first.length < 3 && pattern.rarest.length >= 3;
    for (let row = from; row < to; row++) {
      if (jump) row = this.#rowHolding(pattern.rarest, row);
      if (row >= to) return;
      if (!takes(row)) continue;
      const start = this.start(row);
      if (matchesPattern(pattern, this.bytes, start, start + this.length(row)) && !visit(row)) return;
    }
  }

  /** The first row from `row` on that has the piece somewhere in its name: a group holds it for thousands of rows. */
  #rowHolding(piece: Uint8Array, row: number): number {
    const { bytes, starts } = (this.#namesOnly ??= this.#withoutGroups());
    const at = bytes.indexOf(piece, starts[row]);
    if (at < 0) return this.count;
    let holding = row;
    while ((starts[holding + 1] ?? Infinity) <= at) holding++;
    return holding;
  }

  /** The names one after the other, a line each, and where each begins. */
  #withoutGroups(): { readonly bytes: Buffer; readonly starts: Uint32Array } {
    const starts = new Uint32Array(this.count + 1);
    for (let row = 0; row < this.count; row++) starts[row + 1] = (starts[row] ?? 0) + this.length(row) + 1;
    const bytes = Buffer.alloc(starts[this.count] ?? 0, NEWLINE);
    for (let row = 0; row < this.count; row++) {
      const from = this.start(row);
      const to = starts[row] ?? 0;
      const length = this.length(row);
      for (let i = 0; i < length; i++) bytes[to + i] = this.bytes[from + i] ?? 0;
    }
    return { bytes, starts };
  }

  #rowsWith(prefix: Uint8Array): readonly [number, number] {
    const from = this.#firstRow((row) => this.#comparePrefix(row, prefix) >= 0);
    return [from, this.#firstRow((row) => this.#comparePrefix(row, prefix) > 0)];
  }

  #firstRow(isBeyond: (row: number) => boolean): number {
    let low = 0;
    for (let high = this.count; low < high; ) {
      const middle = (low + high) >> 1;
      if (isBeyond(middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #compare(row: number, name: Uint8Array): number {
    return this.#comparePrefix(row, name) || this.length(row) - name.length;
  }

  #comparePrefix(row: number, prefix: Uint8Array): number {
    const start = this.start(row);
    const length = this.length(row);
    for (let i = 0; i < prefix.length; i++) {
      if (i >= length) return -1;
      const difference = (this.bytes[start + i] ?? 0) - (prefix[i] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

interface Layout {
  readonly bytes: Uint8Array;
  /** Where each line begins, and where one after the last would. */
  readonly starts: Uint32Array;
  /** Bytes of each name. */
  readonly lengths: Uint16Array;
  readonly groupOf: Uint16Array;
  readonly groups: readonly string[];
}

/** Rows done in one step: under a millisecond. */
const ROWS_A_STEP = 2000;
const BYTES_A_STEP = 1 << 16;

/** Finds where each line and each name ends, and which group it is in. */
function* layOut(text: Uint8Array, ownGroup: string): Steps<Layout> {
  let bytes = text;
  let starts = yield* lineStarts(bytes);
  if (!(yield* isInOrder(bytes, starts))) {
    bytes = sortLines(text);
    starts = yield* lineStarts(bytes);
  }
  const lengths = new Uint16Array(starts.length - 1);
  const groupOf = new Uint16Array(lengths.length);
  const groups = new Map([[ownGroup, 0]]);
  const layout = { bytes, starts, lengths, groupOf };
  yield* inPieces(lengths.length, ROWS_A_STEP, (from, to) => {
    for (let row = from; row < to; row++) splitRow(layout, groups, row);
  });
  return { ...layout, groups: [...groups.keys()] };
}

function splitRow({ bytes, starts, lengths, groupOf }: Omit<Layout, 'groups'>, groups: Map<string, number>, row: number): void {
  const start = starts[row] ?? 0;
  const end = (starts[row + 1] ?? 0) - 1;
  let nameEnd = end;
  if (bytes[end - 1] === CLOSE) {
    while (nameEnd > start && bytes[nameEnd] !== SPACE) nameEnd--;
    const group = textOf(bytes.subarray(nameEnd + 2, end - 1));
    const number = groups.get(group) ?? groups.size;
    groups.set(group, number);
    groupOf[row] = number;
  }
  lengths[row] = nameEnd - start;
}

const encoder = new TextEncoder();

/** Where each line begins, and where one after the last would. What follows the last end of line is not counted. */
function* lineStarts(bytes: Uint8Array): Steps<Uint32Array> {
  let starts = new Uint32Array(Math.ceil(bytes.length / 16) + 1);
  let count = 0;
  yield* inPieces(bytes.length, BYTES_A_STEP, (from, to) => {
    for (let at = from; at < to; at++) {
      if (bytes[at] !== NEWLINE) continue;
      if (++count === starts.length) starts = grown(starts);
      starts[count] = at + 1;
    }
  });
  return starts.subarray(0, count + 1);
}

function grown(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(numbers.length * 2);
  longer.set(numbers);
  return longer;
}

/** Sorted by bytes and each once, without empty ones, the last one ended too. */
function sortLines(text: Uint8Array): Uint8Array {
  const lines = new Set(textOf(text).split('\n'));
  lines.delete('');
  // Latin-1 strings compare as their bytes do.
  return Buffer.from([...lines].sort((a, b) => (a < b ? -1 : 1)).map((line) => `${line}\n`).join(''), 'latin1');
}

/** An end of line sorts before everything; two equal lines, empty ones and a rest without an end are not in order. */
function* isInOrder(text: Uint8Array, starts: Uint32Array): Steps<boolean> {
  let ordered = text[0] !== NEWLINE && starts[starts.length - 1] === text.length;
  yield* inPieces(starts.length - 1, ROWS_A_STEP, (from, to) => {
    for (let row = Math.max(1, from); row < to && ordered; row++) ordered = isAfter(text, starts[row] ?? 0, starts[row - 1] ?? 0);
  });
  return ordered;
}

/** Whether the line at `a` sorts after the one at `b`. */
function isAfter(text: Uint8Array, a: number, b: number): boolean {
  let at = 0;
  while (text[a + at] === text[b + at] && text[a + at] !== NEWLINE) at++;
  const own = text[a + at] ?? 0;
  const other = text[b + at] ?? 0;
  return own !== other && (other === NEWLINE || (own !== NEWLINE && own > other));
}
