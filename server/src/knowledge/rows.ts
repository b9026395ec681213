/** Rows of numbers of which most are zero: `columns[j]` and `values[j]` for `offsets[row] <= j < offsets[row + 1]`. */
export interface SparseRows {
  readonly offsets: Uint32Array;
  readonly columns: Uint32Array;
  readonly values: Float64Array;
}

export function sparseRows(rows: readonly (readonly (readonly [column: number, value: number])[])[]): SparseRows {
  const count = rows.reduce((sum, row) => sum + row.length, 0);
  const made = { offsets: new Uint32Array(rows.length + 1), columns: new Uint32Array(count), values: new Float64Array(count) };
  let at = 0;
  for (const [i, row] of rows.entries()) {
    for (const [column, value] of row) {
      made.columns[at] = column;
      made.values[at++] = value;
    }
    made.offsets[i + 1] = at;
  }
  return made;
}
