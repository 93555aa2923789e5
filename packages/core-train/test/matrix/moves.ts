import * as tf from "@tensorflow/tfjs-core";
import type { Draw, MatrixCase, Operand } from "./case.ts";
import { at, build, type Nd, reshaped } from "./nd.ts";

const ofRank = (rank: number) => (draw: Draw) => [draw.uniform(draw.sizes(rank))];

const permutations = [
  [1, 0],
  [2, 0, 1],
  [0, 2, 1, 3],
  [3, 1, 2, 0],
  [0, 4, 1, 3, 2],
];

const transposes = permutations.map((order): MatrixCase => ({
  name: `transpose to ${order.join(" ")}`,
  operands: ofRank(order.length),
  run: (x) => tf.transpose(x, order),
  define: (x) =>
    build(
      order.map((axis) => x.shape[axis] as number),
      (index) =>
        at(
          x,
          order.map((_, axis) => index[order.indexOf(axis)] as number),
        ),
    ),
  second: order.length === 4,
}));

type Sides = [number, number][];

function padded(x: Nd, sides: Sides, from: (index: number[]) => number): Nd {
  return build(
    x.shape.map((size, axis) => size + (sides[axis]?.[0] ?? 0) + (sides[axis]?.[1] ?? 0)),
    (index) => from(index.map((i, axis) => i - (sides[axis]?.[0] ?? 0))),
  );
}

/** The index that a mirror shows in place of one outside. */
function mirror(i: number, size: number, skip: number): number {
  if (i < 0) return -i - 1 + skip;
  return i >= size ? 2 * size - 1 - i - skip : i;
}

const pads: [string, number, Sides][] = [
  [
    "of rank 2",
    2,
    [
      [1, 0],
      [2, 1],
    ],
  ],
  [
    "of rank 4",
    4,
    [
      [0, 0],
      [1, 2],
      [0, 1],
      [0, 0],
    ],
  ],
  [
    "of rank 5",
    5,
    [
      [0, 0],
      [1, 0],
      [0, 0],
      [0, 2],
      [1, 1],
    ],
  ],
];

const padding = pads.map(([name, rank, sides]): MatrixCase => ({
  name: `pad ${name}`,
  operands: ofRank(rank),
  run: (x) => tf.pad(x, sides, 0.5),
  define: (x) => padded(x, sides, (index) => at(x, index, 0.5)),
  second: rank === 2,
}));

const mirrors = (["reflect", "symmetric"] as const).map((mode): MatrixCase => {
  const sides: Sides = [
    [0, 0],
    [1, 1],
    [1, 0],
  ];
  return {
    name: `mirrorPad, ${mode}`,
    operands: (draw) => [draw.uniform([draw.size(1, 2), draw.size(2, 3), draw.size(2, 3)])],
    run: (x) => tf.mirrorPad(x, sides, mode),
    define: (x) =>
      padded(x, sides, (index) =>
        at(
          x,
          index.map((i, axis) => mirror(i, x.shape[axis] as number, mode === "reflect" ? 1 : 0)),
        ),
      ),
    second: mode === "reflect",
  };
});

/** Start, end and step of each axis. */
function blocks(draw: Draw): Operand[] {
  return [draw.uniform([draw.size(1, 2), draw.size(1, 3), draw.size(1, 3), 4 * draw.size(1, 2)])];
}

/** Ops that move elements, or change the shape. */
export const moves: readonly MatrixCase[] = [
  ...transposes,
  ...padding,
  ...mirrors,
  {
    name: "reshape",
    operands: (draw) => [draw.uniform([draw.size(1, 3), 2, 3])],
    run: (x) => tf.reshape(x, [3, -1]),
    define: (x) => reshaped(x, [3, x.data.length / 3]),
    second: true,
  },
  {
    name: "expandDims and squeeze",
    operands: ofRank(2),
    run: (x) => tf.squeeze(tf.mul(tf.expandDims(x, 1), 2), [1]),
    define: (x) => ({ ...x, data: x.data.map((n) => 2 * n) }),
  },
  {
    name: "concat",
    operands: (draw) => {
      const n = draw.size(1, 3);
      return [draw.uniform([2, n, 3]), draw.uniform([2, draw.size(1, 3), 3])];
    },
    run: (a, b) => tf.concat([a, b], 1),
    define: (a, b) => {
      const n = a.shape[1] as number;
      return build([2, n + (b.shape[1] as number), 3], ([i, j, k]) =>
        (j as number) < n
          ? at(a, [i as number, j as number, k as number])
          : at(b, [i as number, (j as number) - n, k as number]),
      );
    },
    second: true,
  },
  {
    name: "stack and unstack",
    operands: (draw) => {
      const shape = draw.sizes(2);
      return [draw.uniform(shape), draw.uniform(shape)];
    },
    run: (a, b) => tf.mul(tf.stack([a, b], 1), tf.stack(tf.unstack(tf.stack([b, a])), 1)),
    define: (a, b) =>
      build(
        [a.shape[0] as number, 2, a.shape[1] as number],
        ([i, , k]) => at(a, [i as number, k as number]) * at(b, [i as number, k as number]),
      ),
  },
  {
    name: "split",
    operands: (draw) => [draw.uniform([draw.size(1, 3), 6])],
    run: (x) => {
      const [a, b] = tf.split(x, 2, 1) as [tf.Tensor, tf.Tensor];
      return tf.mul(a, b);
    },
    define: (x) =>
      build(
        [x.shape[0] as number, 3],
        ([i, j]) => at(x, [i as number, j as number]) * at(x, [i as number, (j as number) + 3]),
      ),
  },
  ...[2, 3, 5].map((rank): MatrixCase => ({
    name: `slice of rank ${rank}`,
    operands: (draw) => [draw.uniform(Array.from({ length: rank }, () => draw.size(2, 3)))],
    run: (x) =>
      tf.slice(
        x,
        x.shape.map((_, i) => i % 2),
        x.shape.map((size, i) => size - (i % 2)),
      ),
    define: (x) =>
      build(
        x.shape.map((size, i) => size - (i % 2)),
        (index) =>
          at(
            x,
            index.map((i, axis) => i + (axis % 2)),
          ),
      ),
    second: rank === 2,
  })),
  ...[
    [2, 3],
    [2, 1, 3, 1, 2],
  ].map((reps): MatrixCase => ({
    name: `tile of rank ${reps.length}`,
    operands: ofRank(reps.length),
    run: (x) => tf.tile(x, reps),
    define: (x) =>
      build(
        x.shape.map((size, i) => size * (reps[i] as number)),
        (index) =>
          at(
            x,
            index.map((i, axis) => i % (x.shape[axis] as number)),
          ),
      ),
    second: reps.length === 2,
  })),
  {
    name: "broadcastTo",
    operands: (draw) => [draw.uniform([draw.size(1, 3), 1, 2])],
    run: (x) => tf.broadcastTo(x, [2, x.shape[0] as number, 3, 2]),
    define: (x) =>
      build([2, x.shape[0] as number, 3, 2], ([, i, , k]) => at(x, [i as number, 0, k as number])),
  },
  {
    name: "reverse",
    operands: ofRank(3),
    run: (x) => tf.reverse(x, [0, 2]),
    define: (x) => {
      const [n, , k] = x.shape as [number, number, number];
      return build(x.shape, ([a, b, c]) =>
        at(x, [n - 1 - (a as number), b as number, k - 1 - (c as number)]),
      );
    },
  },
  {
    name: "diag",
    operands: (draw) => [draw.uniform([draw.size(2, 4)])],
    run: (x) => tf.diag(x),
    define: (x) => build([...x.shape, ...x.shape], ([i, j]) => (i === j ? at(x, [i as number]) : 0)),
  },
  {
    name: "depthToSpace",
    operands: blocks,
    run: (x) => tf.depthToSpace(x as tf.Tensor4D, 2),
    define: (x) => {
      const [n, h, w, c] = x.shape as [number, number, number, number];
      return build([n, 2 * h, 2 * w, c / 4], (index) => {
        const [b, i, j, k] = index as [number, number, number, number];
        return at(x, [b, i >> 1, j >> 1, ((i % 2) * 2 + (j % 2)) * (c / 4) + k]);
      });
    },
    second: true,
  },
  {
    name: "spaceToBatchND and back",
    operands: (draw) => [draw.uniform([draw.size(1, 2), 4, 6, 2])],
    run: (x) => {
      const none = [
        [0, 0],
        [0, 0],
      ];
      const folded = tf.spaceToBatchND(x, [2, 3], none);
      return tf.mul(tf.batchToSpaceND(tf.square(folded), [2, 3], none), x);
    },
    define: (x) => ({ ...x, data: x.data.map((n) => n ** 3) }),
  },
  {
    name: "flipLeftRight",
    operands: blocks,
    run: (x) => tf.image.flipLeftRight(x as tf.Tensor4D),
    define: (x) =>
      build(x.shape, (index) => at(x, index.with(2, (x.shape[2] as number) - 1 - (index[2] as number)))),
  },
];
