import { mul, pow, relu, type Tensor4D, where, greater, zerosLike } from "@tensorflow/tfjs-core";
import { avgPoolImages } from "./avg-pool-images.ts";
import type { PoolAxis } from "./pool-window.ts";

/** `(Σ xᵖ)^(1/p)` over windows of `[batch, height, width, channel]`, with slope 0 where the sum is 0. */
export function lpPoolImages(x: Tensor4D, p: number, axes: readonly [PoolAxis, PoolAxis]): Tensor4D {
  const [vertical, horizontal] = axes;
  const area = vertical.kernel * horizontal.kernel;
  const total = relu(mul(avgPoolImages(pow(x, p), axes, {}), area)); // [batch, height, width, channel]
  const isPositive = greater(total, 0);
  // The root is taken of a 1 where the sum is 0: its slope there is infinite.
  return where(isPositive, pow(where(isPositive, total, 1), 1 / p), zerosLike(total)) as Tensor4D;
}
