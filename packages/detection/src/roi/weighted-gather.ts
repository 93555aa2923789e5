import { defineOp } from "@pellucid/core-train";
import type { WeightedGatherOp, WeightedScatterOp } from "@pellucid/core-train/ops";
import {
  add,
  concat,
  expandDims,
  gather,
  mul,
  scatterND,
  slice,
  squeeze,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  zeros,
} from "@tensorflow/tfjs-core";

/**
 * Sums of rows with weights: `y[n] = Σₜ weights[n, t] · x[indices[n, t]]`. A bilinear sample is four such rows, an average of
 * samples a few more. Where there is no kernel the tap `t` runs in a loop, so that no more is kept than `x`, the indices and the weights.
 */
export const weightedGather: WeightedGatherOp = defineOp({
  name: "PellucidWeightedGather",
  inputs: { x: "float32[row, feature]", indices: "int32[sum, tap]", weights: "float32[sum, tap]" },
  reference: ({ x, indices, weights }): Tensor2D =>
    taps(indices).reduce<Tensor2D>(
      (y, t) => add(y, mul(gather(x, tap(indices, t)), expandDims(tap(weights, t), 1))),
      zeros([indices.shape[0], x.shape[1]]),
    ), // [sum, feature]
  gradient: (dy: Tensor2D, { x, indices, weights }) => ({
    x: (): Tensor => weightedScatter({ dy, indices, weights }, { rows: x.shape[0] }),
    weights: (): Tensor => dots(x, indices, dy),
  }),
});

/** The adjoint of {@link weightedGather}: each row collects what its sums give back. */
const weightedScatter: WeightedScatterOp = defineOp({
  name: "PellucidWeightedScatter",
  inputs: { dy: "float32[sum, feature]", indices: "int32[sum, tap]", weights: "float32[sum, tap]" },
  reference: ({ dy, indices, weights }, { rows }: { readonly rows: number }): Tensor2D =>
    taps(indices).reduce<Tensor2D>(
      (dx, t) =>
        add(
          dx,
          scatterND(expandDims(tap(indices, t), 1), mul(dy, expandDims(tap(weights, t), 1)), [
            rows,
            dy.shape[1],
          ]),
        ),
      zeros([rows, dy.shape[1]]),
    ), // [row, feature]
  gradient: (dx: Tensor2D, { dy, indices, weights }) => ({
    dy: (): Tensor => weightedGather({ x: dx, indices, weights }, {}),
    weights: (): Tensor => dots(dx, indices, dy),
  }),
});

/** `Σ` over the features of `rows[indices[n, t]] · dy[n]`: `[sum, tap]`. */
function dots(rows: Tensor2D, indices: Tensor2D, dy: Tensor2D): Tensor2D {
  const columns = taps(indices).map((t) => sum<Tensor2D>(mul(gather(rows, tap(indices, t)), dy), 1, true));
  return concat(columns, 1); // [sum, tap]
}

function taps({ shape }: Tensor2D): number[] {
  return Array.from({ length: shape[1] }, (_, t) => t);
}

function tap(x: Tensor2D, t: number): Tensor1D {
  return squeeze(slice(x, [0, t], [-1, 1]), [1]); // [sum]
}
