import type { Linear, Sequential, SiLU } from "@pellucid/core-train";
import { add, mul, type Tensor3D } from "@tensorflow/tfjs-core";

/** What makes shifts, scales and gates of the condition. */
export type Modulation = Sequential<readonly [SiLU, Linear]>;

/**
 * `x (1 + scale) + shift`: a norm whose affine part depends on the condition.
 *
 * @param x `[batch, patch, feature]`
 * @param shift `[batch, 1, feature]`
 * @param scale `[batch, 1, feature]`
 * @returns the shape of `x`
 */
export function modulated(x: Tensor3D, shift: Tensor3D, scale: Tensor3D): Tensor3D {
  return add(mul(x, add(scale, 1)), shift);
}
