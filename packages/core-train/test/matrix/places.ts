import * as tf from "@tensorflow/tfjs-core";
import type { Draw, MatrixCase, Operand } from "./case.ts";
import { at, build, type Nd, reshaped, total } from "./nd.ts";

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
const ranges: [string, number[], [number, number, number][]][] = [
  [
    "with steps",
    [5, 6],
    [
      [1, 5, 2],
      [0, 6, 3],
    ],
  ],
  [
    "backward",
    [4, 5],
    [
      [3, -5, -1],
      [4, 0, -2],
    ],
  ],
  [
    "of rank 4",
    [2, 5, 4, 2],
    [
      [0, 2, 1],
      [0, 5, 2],
      [1, 4, 2],
      [1, 2, 1],
    ],
  ],
];

const strided = ranges.map(([name, shape, axes]): MatrixCase => ({
  name: `stridedSlice ${name}`,
  operands: (draw) => [draw.uniform(shape)],
  run: (x) =>
    tf.stridedSlice(
      x,
      axes.map(([start]) => start),
      axes.map(([, end]) => end),
      axes.map(([, , step]) => step),
    ),
  define: (x) => {
    const places = axes.map(([start, end, step], axis) => {
      const last = end < 0 ? Math.max(end + (shape[axis] as number), -1) : end;
      return Array.from({ length: Math.ceil((last - start) / step) }, (_, i) => start + i * step);
    });
    return build(
      places.map(({ length }) => length),
      (index) =>
        at(
          x,
          index.map((i, axis) => places[axis]?.[i] as number),
        ),
    );
  },
  second: name === "with steps",
}));

function blocks(draw: Draw): Operand[] {
  return [draw.uniform([draw.size(1, 2), draw.size(1, 3), draw.size(1, 3), 4 * draw.size(1, 2)])];
}

const indices = (...rows: number[][]): Operand => ({
  shape: [rows.length, rows[0]?.length ?? 0],
  data: Float64Array.from(rows.flat()),
  whole: true,
});

const row = (x: Nd, i: number): number[] =>
  Array.from({ length: x.shape[1] as number }, (_, j) => at(x, [i, j]));

/** Ops that move numbers, take them from places, and put them there. */
export const places: readonly MatrixCase[] = [
  ...transposes,
  ...padding,
  ...mirrors,
  ...strided,
  {
    name: "stridedSlice with masks",
    operands: (draw) => [draw.uniform([3, 4, 5])],
    run: (x) => tf.stridedSlice(x, [1, 0, 1], [2, 0, 5], [1, 1, 2], 0, 2, 0, 0, 1),
    define: (x) => build([4, 2], ([i, j]) => at(x, [1, i as number, 1 + 2 * (j as number)])),
  },
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
