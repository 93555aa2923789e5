import { defineOp, maximum } from "@pellucid/core-train";
import type { SegmentSoftmaxOp } from "@pellucid/core-train/ops";
import {
  cast,
  div,
  equal,
  exp,
  mul,
  reshape,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
  zeros,
  add,
} from "@tensorflow/tfjs-core";
import type { EdgeList } from "../graph/edge-list.ts";
import { gatherRows } from "./gather-rows.ts";
import { gatherSum } from "./gather-sum.ts";
import { pickRows, planSegments, reduceSegments } from "./reduce-segments.ts";

// Reductions of the rows of each group, for callers that have checked their inputs. `groups` leads from rows to groups.

/** `[row, …]` -> `[group, …]`: the sum of each group, 0 for an empty one. */
export function segmentSum<T extends Tensor>(x: T, groups: EdgeList, size: number): T {
  return inRows(x, size, (rows) => gatherSum(rows, null, groups, size));
}

/** `[row, …]` -> `[group, …]`: the mean of each group, 0 for an empty one. */
export function segmentMean<T extends Tensor>(x: T, groups: EdgeList, size: number): T {
  return inRows(x, size, (rows) => mul(gatherSum(rows, null, groups, size), inverseCounts(groups, size)));
}

/** `[group, 1]`: 1 over how many rows each group has, 1 for an empty one. */
export function inverseCounts(groups: EdgeList, size: number): Tensor2D {
  return tensor2d(
    countsOf(groups, size).map((count) => 1 / Math.max(1, count)),
    [size, 1],
  );
}

/** How many rows each group has. */
export function countsOf(groups: EdgeList, size: number): Float32Array {
  const { ptr } = groups.byTarget(size);
  return Float32Array.from({ length: size }, (_, i) => (ptr[i + 1] ?? NaN) - (ptr[i] ?? NaN));
}

const largest = defineOp({
  name: "PellucidSegmentMax",
  inputs: { x: "float32[row, feature]" },
  reference({ x }, { groups, size }: { readonly groups: EdgeList; readonly size: number }): Tensor2D {
    const features = x.shape[1];
    if (groups.length === 0 || features === 0) return zeros([size, features]);
    const csr = groups.byTarget(size);
    const plan = groups.derive(`plan ${size}`, () => planSegments(csr));
    return reduceSegments(pickRows(x, csr.edge), plan, maximum, zeros([1, features]));
  },
  gradient: (dy, { x }, { groups, size }, y) => ({
    x: () => {
      const wins = cast(equal(x, gatherRows(y as Tensor2D, groups.target)), "float32") as Tensor2D;
      const shares = div(dy, maximum(gatherSum(wins, null, groups, size), 1)) as Tensor2D;
      return mul(wins, gatherRows(shares, groups.target));
    },
  }),
});

/** `[row, …]` -> `[group, …]`: the largest of each group, 0 for an empty one. Those that are equally large share the gradient. */
export function segmentMax<T extends Tensor>(x: T, groups: EdgeList, size: number): T {
  return inRows(x, size, (rows) => largest({ x: rows }, { groups, size }));
}

/** `[row, …]` -> `[group, …]`: the smallest of each group, 0 for an empty one. Those that are equally small share the gradient. */
export function segmentMin<T extends Tensor>(x: T, groups: EdgeList, size: number): T {
  return inRows(x, size, (rows) => sub(0, largest({ x: sub(0, rows) }, { groups, size })) as Tensor2D);
}

/** `[row, …]` -> `[group, …]`: the product of each group, 1 for an empty one. */
export function segmentMul<T extends Tensor>(x: T, groups: EdgeList, size: number): T {
  return inRows(x, size, (rows) => {
    const csr = groups.byTarget(size);
    const plan = groups.derive(`plan ${size}`, () => planSegments(csr));
    const one = add(zeros<Tensor2D["rankType"]>([1, rows.shape[1]]), 1) as Tensor2D;
    return reduceSegments(gatherRows(rows, csr.edge), plan, (a, b) => mul(a, b), one, gatherRows);
  });
}

const normalize: SegmentSoftmaxOp<{ readonly groups: EdgeList; readonly size: number }> = defineOp({
  name: "PellucidSegmentSoftmax",
  inputs: { x: "float32[edge, head]", ptr: "int32[row]", edge: "int32[edge]" },
  reference({ x }, { groups, size }: { readonly groups: EdgeList; readonly size: number }): Tensor2D {
    const highest = largest({ x }, { groups, size });
    const powers = exp(sub(x, gatherRows(highest, groups.target))) as Tensor2D;
    const sums = add(gatherSum(powers, null, groups, size), 1e-16) as Tensor2D;
    return div(powers, gatherRows(sums, groups.target));
  },
  gradient: (dy, _, { groups, size }, y) => ({
    x: (): Tensor => {
      const weighted = mul(dy, y) as Tensor2D;
      const sums = gatherSum(weighted, null, groups, size);
      return sub(weighted, mul(y, gatherRows(sums, groups.target)));
    },
  }),
});

/** Softmax over the rows of each group, for each column: `exp(x - max) / Σ exp(x - max)`. Same shape. */
export function segmentSoftmax<T extends Tensor>(x: T, groups: EdgeList, size: number): T {
  return tidy(() => {
    const { ptr, edge } = groups.byTarget(size);
    const ranges = { ptr: tensor1d(ptr, "int32"), edge: tensor1d(edge, "int32") };
    return reshape(normalize({ x: flat(x), ...ranges }, { groups, size }), x.shape) as T;
  });
}

function inRows<T extends Tensor>(x: T, size: number, reduce: (rows: Tensor2D) => Tensor2D): T {
  return tidy(() => reshape(reduce(flat(x)), [size, ...x.shape.slice(1)]) as T);
}

function flat(x: Tensor): Tensor2D {
  const [rows = 0, ...rest] = x.shape;
  return reshape(x, [rows, rest.reduce((product, n) => product * n, 1)]);
}

/** `[edge]` -> `[edge, 1]` */
export function column(x: Tensor1D): Tensor2D {
  return reshape(x, [x.size, 1]);
}

/** The sum of squares of each row: `[row, feature]` -> `[row, 1]`. */
export function rowSquares(x: Tensor2D): Tensor2D {
  return sum(mul(x, x), 1, true);
}
