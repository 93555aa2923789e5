import * as tf from "@tensorflow/tfjs-core";
import type { MatrixCase } from "./case.ts";
import { at, build } from "./nd.ts";

const rows = [2, 0, 3, 3, 1];
const segments = [0, 0, 1, 3, 3];

/** Ops on what is mostly zeros. */
export const sparse: readonly MatrixCase[] = [
  ...(["sum", "mean"] as const).map((kind): MatrixCase => ({
    name: `sparse.sparseSegment${kind === "sum" ? "Sum" : "Mean"}`,
    operands: (draw) => [draw.uniform([4, draw.size(1, 3)])],
    run: (x) => {
      const run = kind === "sum" ? tf.sparse.sparseSegmentSum : tf.sparse.sparseSegmentMean;
      return run(x as tf.Tensor2D, tf.tensor1d(rows, "int32"), tf.tensor1d(segments, "int32"));
    },
    define: (x) =>
      build([4, x.shape[1] as number], ([segment, column]) => {
        const own = rows.filter((_, i) => segments[i] === segment);
        const total = own.reduce((sum, row) => sum + at(x, [row, column as number]), 0);
        return kind === "sum" ? total : total / Math.max(1, own.length);
      }),
    second: true,
  })),
  {
    name: "sparse.sparseFillEmptyRows",
    operands: (draw) => [draw.uniform([3]), draw.uniform([])],
    run: (values, fill) =>
      tf.sparse.sparseFillEmptyRows(
        tf.tensor2d([0, 1, 2, 0, 2, 3], [3, 2], "int32"),
        values as tf.Tensor1D,
        tf.tensor1d([4, 4], "int32"),
        fill as tf.Scalar,
      ).outputValues as tf.Tensor,
    define: (values, fill) => {
      const from = [0, -1, 1, 2, -1];
      return build([5], ([i]) => {
        const own = from[i as number] as number;
        return own < 0 ? at(fill ?? values, []) : at(values, [own]);
      });
    },
    second: true,
  },
  {
    name: "bincount",
    operands: (draw) => [draw.uniform([4])],
    run: (weights) => tf.bincount(tf.tensor1d([1, 0, 2, 1], "int32"), weights as tf.Tensor1D, 3),
    define: (weights) => {
      const bins = [1, 0, 2, 1];
      return build([3], ([bin]) =>
        bins.reduce((sum, own, i) => sum + (own === bin ? at(weights, [i]) : 0), 0),
      );
    },
  },
];
