import { mul, rsqrt, square, sum, add, type Tensor4D } from "@tensorflow/tfjs-core";

/** Vectors along the last axis, scaled to length 1: `x / √(Σ x² + ε)` with ε = 1e-6, as the layers of flash-linear-attention do. */
export function unitVectors(x: Tensor4D): Tensor4D {
  return mul(x, rsqrt(add(sum(square(x), 3, true), 1e-6)));
}
