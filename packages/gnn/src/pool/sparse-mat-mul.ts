import { mul, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import { EdgeList } from "../graph/edge-list.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { indexOfGroups } from "../propagate/groups.ts";
import { scatter } from "../propagate/scatter.ts";

/** A sparse matrix: entry `e` is in row `list.source[e]` and column `list.target[e]`. */
export interface SparseMatrix {
  readonly list: EdgeList;
  /** `[entry]` */
  readonly values: Tensor1D;
}

/** The product of two sparse matrices, sorted by row and column: what is an entry does not depend on the values. Differentiable in both. */
export function sparseMatMul(a: SparseMatrix, b: SparseMatrix, inner: number): SparseMatrix {
  const rows = b.list.bySource(inner);
  const paths: [row: number, column: number, a: number, b: number][] = [];
  for (let e = 0; e < a.list.length; e++) {
    const k = a.list.target[e] ?? NaN;
    for (let i = rows.ptr[k] ?? NaN; i < (rows.ptr[k + 1] ?? NaN); i++)
      paths.push([a.list.source[e] ?? NaN, rows.column[i] ?? NaN, e, rows.edge[i] ?? NaN]);
  }
  paths.sort(([i, j, e, f], [k, l, g, h]) => i - k || j - l || e - g || f - h);
  const [source, target]: [number[], number[]] = [[], []];
  const group = Int32Array.from(paths, ([row, column]) => {
    if (source.at(-1) !== row || target.at(-1) !== column) {
      source.push(row);
      target.push(column);
    }
    return source.length - 1;
  });
  const values = tidy(() => {
    const left = gatherRows(
      a.values,
      Int32Array.from(paths, ([, , e]) => e),
    );
    const right = gatherRows(
      b.values,
      Int32Array.from(paths, ([, , , f]) => f),
    );
    const index = indexOfGroups(new EdgeList(Int32Array.from(group.keys()), group));
    return scatter(mul(left, right) as Tensor1D, index, { size: source.length });
  });
  return { list: new EdgeList(Int32Array.from(source), Int32Array.from(target)), values };
}

/** Rows and columns exchanged. */
export function transposed({ list, values }: SparseMatrix): SparseMatrix {
  return { list: list.reversed, values };
}
