import { logSoftmax } from "@pellucid/core-train";
import * as tf from "@tensorflow/tfjs-core";
import type { Draw, MatrixCase, Operand } from "./case.ts";
import { build, type Nd, at, map, reduce } from "./nd.ts";

const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);
const mean = (numbers: readonly number[]) => sum(numbers) / numbers.length;
const product = (numbers: readonly number[]) => numbers.reduce((total, n) => total * n, 1);
const logSumExp = (numbers: readonly number[]) => Math.log(sum(numbers.map(Math.exp)));

const ofRank =
  (rank: number, kind: "uniform" | "apart" = "uniform") =>
  (draw: Draw) => [draw[kind](draw.sizes(rank))];

type Reduce = (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor;

const named: [string, Reduce, (numbers: number[]) => number, "uniform" | "apart"][] = [
  ["sum", tf.sum, sum, "uniform"],
  ["mean", tf.mean, mean, "uniform"],
  ["prod", tf.prod, product, "uniform"],
  ["max", tf.max, (numbers) => Math.max(...numbers), "apart"],
  ["min", tf.min, (numbers) => Math.min(...numbers), "apart"],
  ["logSumExp", tf.logSumExp, logSumExp, "uniform"],
];

const reducing = named.flatMap(([name, run, define, kind]): MatrixCase[] => [
  {
    name,
    operands: ofRank(3, kind),
    run: (x) => run(x),
    define: (x) => reduce(x, [0, 1, 2], define),
    second: name !== "prod",
  },
  {
    name: `${name} along the first axis`,
    operands: ofRank(3, kind),
    run: (x) => run(x, 0),
    define: (x) => reduce(x, [0], define),
    second: name === "prod",
  },
  {
    name: `${name} along two axes, kept`,
    operands: ofRank(4, kind),
    run: (x) => run(x, [1, 3], true),
    define: (x) => reduce(x, [1, 3], define, true),
  },
]);

/** A fold along an axis that keeps each step. */
function scan(
  x: Nd,
  axis: number,
  exclusive: boolean,
  reverse: boolean,
  f: (numbers: number[]) => number,
): Nd {
  const length = x.shape[axis] as number;
  return build(x.shape, (index) => {
    const own = index[axis] as number;
    const before = Array.from({ length }, (_, i) => i).filter((i) => {
      const [a, b] = reverse ? [own, i] : [i, own];
      return exclusive ? a < b : a <= b;
    });
    return f(before.map((i) => at(x, index.with(axis, i))));
  });
}

const scans = [
  [2, 1, false, false],
  [2, 0, false, false],
  [2, 0, false, true],
  [3, 1, true, false],
  [3, 2, true, true],
  [1, 0, false, true],
] as const;

const scanning = scans.flatMap(([rank, axis, exclusive, reverse]): MatrixCase[] => {
  const title = `${exclusive ? ", exclusive" : ""}${reverse ? ", backward" : ""}`;
  const where = ` of rank ${rank} along axis ${axis}${title}`;
  return [
    {
      name: `cumsum${where}`,
      operands: ofRank(rank),
      run: (x) => tf.cumsum(x, axis, exclusive, reverse),
      define: (x) => scan(x, axis, exclusive, reverse, sum),
      second: axis === 0,
    },
    {
      name: `cumprod${where}`,
      operands: ofRank(rank),
      run: (x) => tf.cumprod(x, axis, exclusive, reverse),
      define: (x) => scan(x, axis, exclusive, reverse, product),
      second: axis === 0,
    },
  ];
});

const rows = (draw: Draw): Operand[] => [draw.uniform([draw.size(1, 4), draw.size(2, 5)], -2, 2)];

/** Sums, products, extremes and what is made of them. */
export const reductions: readonly MatrixCase[] = [
  ...reducing,
  ...scanning,
  {
    name: "prod with zeros",
    operands: () => [{ shape: [3, 3], data: Float64Array.of(0, 2, 3, 0, 0, 5, 0.5, 4, -1) }],
    run: (x) => tf.prod(x, 1),
    define: (x) => reduce(x, [1], product),
  },
  {
    name: "cumprod with zeros",
    operands: () => [{ shape: [2, 4], data: Float64Array.of(0.5, 0, 3, 2, 0, 0, 1, 2) }],
    run: (x) => tf.cumprod(x, 1),
    define: (x) => scan(x, 1, false, false, product),
  },
  {
    name: "softmax",
    operands: rows,
    run: (x) => tf.softmax(x),
    define: (x) =>
      build(x.shape, ([i, j]) =>
        Math.exp(at(x, [i as number, j as number]) - at(reduce(x, [1], logSumExp), [i as number])),
      ),
    second: true,
  },
  {
    name: "logSoftmax",
    operands: rows,
    run: (x) => tf.logSoftmax(x),
    define: (x) =>
      build(
        x.shape,
        ([i, j]) => at(x, [i as number, j as number]) - at(reduce(x, [1], logSumExp), [i as number]),
      ),
    second: false, // tfjs' is not a kernel and cannot be replaced; that of the core is correct
  },
  {
    name: "logSoftmax of the core",
    operands: rows,
    run: (x) => logSoftmax(x),
    define: (x) =>
      build(
        x.shape,
        ([i, j]) => at(x, [i as number, j as number]) - at(reduce(x, [1], logSumExp), [i as number]),
      ),
    second: true,
  },
  {
    name: "euclidean norm",
    operands: ofRank(2),
    run: (x) => tf.norm(x, "euclidean", 1),
    define: (x) => reduce(x, [1], (numbers) => Math.sqrt(sum(numbers.map((n) => n * n)))),
    second: true,
  },
  {
    name: "variance (`moments`)",
    operands: ofRank(3),
    run: (x) => tf.moments(x, [0, 1]).variance,
    define: (x) => reduce(x, [0, 1], (numbers) => mean(numbers.map((n) => (n - mean(numbers)) ** 2))),
    second: true,
  },
  {
    name: "argMax as a number",
    operands: ofRank(2, "apart"),
    run: (x) => tf.mul(tf.cast(tf.expandDims(tf.argMax(x, 1), 1), "float32"), x),
    define: (x) => {
      const where = reduce(x, [1], (numbers) => numbers.indexOf(Math.max(...numbers)), true);
      return build(x.shape, ([i, j]) => at(where, [i as number, 0]) * at(x, [i as number, j as number]));
    },
  },
  {
    name: "a transposed cast",
    operands: (draw) => [draw.uniform(draw.sizes(2), 0.1, 3)],
    run: (x) => tf.mul(tf.transpose(x), tf.transpose(tf.cast(tf.greater(x, 1.5), "float32"))),
    define: (x) =>
      build(x.shape.toReversed(), ([i, j]) => {
        const n = at(x, [j as number, i as number]);
        return n > 1.5 ? n : 0;
      }),
  },
  {
    name: "a sum of what was cast",
    operands: (draw) => [draw.uniform(draw.sizes(2), 0.1, 3)],
    run: (x) => tf.mul(tf.sum(tf.cast(tf.greater(x, 1.5), "float32"), 0), tf.mean(x, 0)),
    define: (x) => {
      const count = reduce(x, [0], (numbers) => numbers.filter((n) => n > 1.5).length);
      const means = reduce(x, [0], mean);
      return { ...map(count, (n) => n), data: count.data.map((n, i) => n * (means.data[i] as number)) };
    },
  },
];
