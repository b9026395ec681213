/** A range of bytes that is read as one value. */
export interface Cell {
  readonly offset: number;
  readonly bytes: number;
}

/**
 * In which pieces memory of the outside is read: what is read in parts that overlap is read as one, so that all parts are of
 * the same value. Known only after all was read once.
 */
export class Cells {
  readonly #seen: Cell[] = [];
  readonly #known: readonly Cell[];
  readonly #names: Map<string, string>;

  constructor(before?: Cells) {
    this.#known = before ? together(before.#seen) : [];
    this.#names = before ? before.#names : new Map<string, string>();
  }

  /** The cell that a range lies in; the range itself in the first run. `name`: what the program calls exactly these bytes. */
  at(offset: number, bytes: number, name?: string): Cell {
    this.#seen.push({ offset, bytes });
    if (name !== undefined) this.#names.set(`${offset} ${bytes}`, name);
    return this.#known.find((cell) => cell.offset <= offset && cell.offset + cell.bytes >= offset + bytes) ?? { offset, bytes };
  }

  name({ offset, bytes }: Cell): string | undefined {
    return this.#names.get(`${offset} ${bytes}`);
  }
}

function together(cells: readonly Cell[]): Cell[] {
  const joined: Cell[] = [];
  for (const cell of cells.toSorted((a, b) => a.offset - b.offset || b.bytes - a.bytes)) {
    const last = joined.at(-1);
    if (last && cell.offset < last.offset + last.bytes) joined.splice(-1, 1, { offset: last.offset, bytes: Math.max(last.bytes, cell.offset + cell.bytes - last.offset) });
    else joined.push(cell);
  }
  return joined;
}
