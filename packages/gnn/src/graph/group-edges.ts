/** Edges grouped by one of their ends: `column` and `edge` of row `i` lie from `ptr[i]` to `ptr[i + 1]`, in the order of the edges. */
export interface Csr {
  /** Where each row starts: `[row + 1]`. */
  readonly ptr: Int32Array;
  /** The other end of each edge. */
  readonly column: Int32Array;
  /** Which edge it is: `column[k]` is an end of edge `edge[k]`. */
  readonly edge: Int32Array;
}

/** A stable counting sort of edges by one end. */
export function groupEdges(rowOf: Int32Array, columnOf: Int32Array, rows: number): Csr {
  const ptr = new Int32Array(rows + 1);
  for (const row of rowOf) ptr[row + 1] = (ptr[row + 1] ?? NaN) + 1;
  for (let row = 0; row < rows; row++) ptr[row + 1] = (ptr[row + 1] ?? NaN) + (ptr[row] ?? NaN);
  const next = ptr.slice(0, rows);
  const column = new Int32Array(rowOf.length);
  const edge = new Int32Array(rowOf.length);
  for (let i = 0; i < rowOf.length; i++) {
    const row = rowOf[i] ?? NaN;
    const k = next[row] ?? NaN;
    next[row] = k + 1;
    column[k] = columnOf[i] ?? NaN;
    edge[k] = i;
  }
  return { ptr, column, edge };
}
