import type { Step } from "@pellucid/core-train";
import {
  concat,
  expandDims,
  reshape,
  slice,
  type Rank,
  type Tensor2D,
  type Tensor3D,
} from "@tensorflow/tfjs-core";

/**
 * Each time step's predecessor. Call it in a `tidy`.
 *
 * @param x `[batch, time, feature]`
 * @param before the time step before the first, `[batch, feature]`
 * @returns `[batch, time, feature]`, and the last time step of `x`
 */
export function tokenShift(x: Tensor3D, before: Tensor2D): Step<Tensor3D, Tensor2D> {
  const [batch, time, features] = x.shape;
  const earlier = slice(x, [0, 0, 0], [batch, time - 1, features]);
  const last = slice(x, [0, time - 1, 0], [batch, 1, features]);
  return {
    output: concat([expandDims(before, 1) as Tensor3D, earlier], 1),
    state: reshape<Rank.R2>(last, [batch, features]),
  };
}
