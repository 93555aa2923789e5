import * as tf from "@tensorflow/tfjs-core";
import type { MatrixCase, Operand } from "./case.ts";
import { at, build, type Nd, total } from "./nd.ts";

const indices = (...rows: number[][]): Operand => ({
  shape: [rows.length, rows[0]?.length ?? 0],
  data: Float64Array.from(rows.flat()),
  whole: true,
});

const row = (x: Nd, i: number): number[] =>
  Array.from({ length: x.shape[1] as number }, (_, j) => at(x, [i, j]));

/** Ops that gather or scatter by index. */
export const indexing: readonly MatrixCase[] = [
  ...[0, 1, 2].map((axis): MatrixCase => ({
    name: `gather along axis ${axis}`,
    operands: (draw) => {
      const shape = draw.sizes(3);
      return [draw.uniform(shape), draw.whole([draw.size(1, 5)], shape[axis] as number)];
    },
    run: (x, from) => tf.gather(x, from as tf.Tensor1D, axis),
    define: (x, from) =>
      build(x.shape.with(axis, from.shape[0] as number), (index) =>
        at(x, index.with(axis, at(from, [index[axis] as number]))),
      ),
    second: axis === 0,
  })),
  {
    name: "gather in a batch",
    operands: (draw) => [draw.uniform([2, 4, 3]), draw.whole([2, draw.size(1, 5)], 4)],
    run: (x, from) => tf.gather(x, from as tf.Tensor2D, 1, 1),
    define: (x, from) =>
      build([2, from.shape[1] as number, 3], ([n, i, c]) =>
        at(x, [n as number, at(from, [n as number, i as number]), c as number]),
      ),
  },
  {
    name: "gatherND of rows",
    operands: (draw) => [draw.uniform([3, 4, 2]), indices([0, 1], [2, 3], [0, 1])],
    run: (x, from) => tf.gatherND(x, from),
    define: (x, from) => build([3, 2], ([i, c]) => at(x, [...row(from, i as number), c as number])),
    second: true,
  },
  {
    name: "gatherND of numbers",
    operands: (draw) => [draw.uniform([3, 4]), indices([0, 1], [2, 3], [1, 0], [0, 1])],
    run: (x, from) => tf.gatherND(x, from),
    define: (x, from) => build([4], ([i]) => at(x, row(from, i as number))),
  },
  {
    name: "scatterND",
    operands: (draw) => [draw.uniform([3, 2]), indices([1], [3], [1])],
    run: (x, to) => tf.scatterND(to, x, [5, 2]),
    define: (x, to) =>
      build([5, 2], ([i, c]) =>
        total([3], (j) => (at(to, [j as number, 0]) === i ? at(x, [j as number, c as number]) : 0)),
      ),
    second: true,
  },
  {
    name: "tensorScatterUpdate",
    operands: (draw) => [draw.uniform([4, 2]), draw.uniform([2, 2]), indices([3], [0])],
    run: (x, updates, to) => tf.tensorScatterUpdate(x, to as tf.Tensor, updates as tf.Tensor),
    define: (x, updates, to) =>
      build([4, 2], ([i, c]) => {
        const j = [0, 1].find((own) => at(to as Nd, [own, 0]) === i);
        return j === undefined ? at(x, [i as number, c as number]) : at(updates, [j, c as number]);
      }),
    second: true,
  },
  {
    name: "sparseToDense",
    operands: (draw) => [draw.uniform([3]), draw.uniform([]), indices([0, 1], [2, 0], [1, 1])],
    run: (x, other, to) => tf.sparseToDense(to as tf.Tensor, x as tf.Tensor1D, [3, 2], other as tf.Scalar),
    define: (x, other, to) =>
      build([3, 2], (index) => {
        const j = [0, 1, 2].find((own) => row(to as Nd, own).every((n, axis) => n === index[axis]));
        return j === undefined ? at(other, []) : at(x, [j]);
      }),
  },
  {
    name: "denseBincount",
    operands: (draw) => [draw.uniform([6]), draw.whole([6], 4)],
    run: (weights, x) => tf.denseBincount(x as tf.Tensor1D, weights as tf.Tensor1D, 4),
    define: (weights, x) =>
      build([4], ([bin]) =>
        total([6], (i) => (at(x, [i as number]) === bin ? at(weights, [i as number]) : 0)),
      ),
  },
  {
    name: "unsortedSegmentSum",
    operands: (draw) => [draw.uniform([5, 3]), draw.whole([5], 4)],
    run: (x, segments) => tf.unsortedSegmentSum(x, segments as tf.Tensor1D, 4),
    define: (x, segments) =>
      build([4, 3], ([s, c]) =>
        total([5], (i) => (at(segments, [i as number]) === s ? at(x, [i as number, c as number]) : 0)),
      ),
    second: true,
  },
  ...[1, 3].map((k): MatrixCase => ({
    name: `topk, ${k}`,
    operands: (draw) => [draw.apart([draw.size(1, 3), draw.size(3, 6)])],
    run: (x) => tf.topk(x, k).values,
    define: (x) =>
      build(
        [x.shape[0] as number, k],
        ([i, j]) => row(x, i as number).toSorted((a, b) => b - a)[j as number] as number,
      ),
    second: k === 3,
  })),
];
