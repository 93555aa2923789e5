import * as tf from "@tensorflow/tfjs-core";
import type { Draw, MatrixCase, Operand } from "./case.ts";
import { build, type Nd, spread, together } from "./nd.ts";

type Binary = [
  name: string,
  run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  define: (a: number, b: number) => number,
  options?: Options,
];

interface Options {
  readonly numbers?: (draw: Draw, shape: readonly number[]) => Operand;
  readonly second?: boolean;
  readonly rough?: boolean;
}

const positive = (draw: Draw, shape: readonly number[]) => draw.uniform(shape, 0.5, 2.5);

const binary: Binary[] = [
  ["add", tf.add, (a, b) => a + b, { second: true }],
  ["sub", tf.sub, (a, b) => a - b],
  ["mul", tf.mul, (a, b) => a * b, { second: true }],
  ["div", tf.div, (a, b) => a / b, { numbers: positive, second: true }],
  ["divNoNan", tf.divNoNan, (a, b) => a / b, { numbers: positive }],
  ["floorDiv", tf.floorDiv, (a, b) => Math.floor(a / b), { numbers: positive }],
  ["maximum", tf.maximum, Math.max, { second: true }],
  ["minimum", tf.minimum, Math.min],
  ["mod", tf.mod, (a, b) => a - b * Math.floor(a / b), { numbers: positive }],
  ["pow", tf.pow, Math.pow, { numbers: positive, second: true, rough: true }],
  ["squaredDifference", tf.squaredDifference, (a, b) => (a - b) ** 2, { second: true }],
  ["atan2", tf.atan2, Math.atan2, { numbers: positive, rough: true }],
  ["prelu", (a, b) => tf.prelu(a, b), (a, b) => (a > 0 ? a : a * b), { second: true }],
];

const shapes: readonly [string, (draw: Draw) => readonly [readonly number[], readonly number[]]][] = [
  [
    "",
    (draw) => {
      const shape = draw.sizes(draw.size(1, 4));
      return [shape, shape];
    },
  ],
  [
    ", broadcast on the right",
    (draw) => {
      const shape = draw.sizes(3);
      return [shape, shape.slice(1)];
    },
  ],
  [
    ", broadcast on both sides",
    (draw) => {
      const [n, m, k] = draw.sizes(3) as [number, number, number];
      return [
        [n, 1, k],
        [1, m, k],
      ];
    },
  ],
  [
    ", a vector to rank 5",
    (draw) => {
      const shape = [2, 1, 2, draw.size(2, 3), draw.size(2, 3)];
      return [shape, shape.slice(4)];
    },
  ],
];

/** So that no two numbers that meet tie or divide to an integer. */
function pair(
  draw: Draw,
  [a, b]: readonly [readonly number[], readonly number[]],
  { numbers }: Options,
): Operand[] {
  for (;;) {
    const [x, y] = [a, b].map((shape) => numbers?.(draw, shape) ?? draw.uniform(shape, -2, 2)) as [Nd, Nd];
    const near = build(together(a, b), (index) => {
      const [left, right] = [spread(x, index), spread(y, index)];
      const ratio = left / right;
      const tie = Math.min(Math.abs(left - right), Math.abs(left), Math.abs(ratio - Math.round(ratio)));
      return tie < 0.01 ? 1 : 0;
    });
    if (near.data.every((n) => n === 0)) return [x, y];
  }
}

const arithmetic = binary.flatMap(([name, run, define, options = {}]) =>
  shapes
    .filter(([title]) => !(name === "prelu" && title.includes("both")))
    .map(([title, draws], i): MatrixCase => ({
      name: name + title,
      operands: (draw) => pair(draw, draws(draw), options),
      run,
      define: (a, b) =>
        build(together(a.shape, b.shape), (index) => define(spread(a, index), spread(b, index))),
      second: (options.second ?? false) && i < 3,
      rough: options.rough ?? false,
    })),
);

type Comparison = [
  name: string,
  run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  define: (a: number, b: number) => boolean,
];

const comparisons: Comparison[] = [
  ["greater", tf.greater, (a, b) => a > b],
  ["greaterEqual", tf.greaterEqual, (a, b) => a >= b],
  ["less", tf.less, (a, b) => a < b],
  ["lessEqual", tf.lessEqual, (a, b) => a <= b],
  ["equal", tf.equal, (a, b) => a === b],
  ["notEqual", tf.notEqual, (a, b) => a !== b],
  ["logicalAnd", (a, b) => tf.logicalAnd(tf.greater(a, 0), tf.less(b, 0)), (a, b) => a > 0 && b < 0],
  ["logicalOr", (a, b) => tf.logicalOr(tf.greater(a, 0), tf.less(b, 0)), (a, b) => a > 0 || b < 0],
  ["logicalXor", (a, b) => tf.logicalXor(tf.greater(a, 0), tf.less(b, 0)), (a, b) => a > 0 !== b < 0],
  ["logicalNot", (a) => tf.logicalNot(tf.greater(a, 0)), (a) => !(a > 0)],
  ["isNaN", (a) => tf.isNaN(a), (a) => Number.isNaN(a)],
];

const choices = comparisons.map(([name, run, define]): MatrixCase => ({
  name: `where ${name}`,
  operands: (draw) => {
    const shape = draw.sizes(draw.size(1, 3));
    return pair(draw, [shape, shape], {});
  },
  run: (a, b) => tf.where(run(a, b), tf.mul(a, 3), tf.mul(a, b)),
  define: (a, b) =>
    build(a.shape, (index) => {
      const [left, right] = [spread(a, index), spread(b, index)];
      return define(left, right) ? 3 * left : left * right;
    }),
  second: name === "greater",
}));

/** Ops on two tensors, and comparisons that choose. */
export const pairwise: readonly MatrixCase[] = [
  ...arithmetic,
  ...choices,
  {
    name: "where, rank 5",
    operands: (draw) => [draw.uniform([1, 2, 2, 1, 3]), draw.uniform([1, 2, 2, 1, 3])],
    run: (a, b) => tf.where(tf.greater(a, 0), a, tf.mul(a, b)),
    define: (a, b) => build(a.shape, (i) => (spread(a, i) > 0 ? spread(a, i) : spread(a, i) * spread(b, i))),
  },
  {
    name: "addN",
    operands: (draw) => {
      const shape = draw.sizes(3);
      return [draw.uniform(shape), draw.uniform(shape), draw.uniform(shape)];
    },
    run: (...inputs) => tf.addN(inputs),
    define: (a, b, c) => build(a.shape, (i) => spread(a, i) + spread(b as Nd, i) + spread(c as Nd, i)),
  },
];
