import { mul, pow, type Tensor4D } from "@tensorflow/tfjs-core";
import { avgPoolImages } from "./avg-pool-images.ts";
import { lpRoot } from "./lp-root.ts";
import type { PoolAxis } from "./pool-window.ts";

/** `(Σ xᵖ)^(1/p)` over windows of `[batch, height, width, channel]`, with gradient 0 where the sum is 0. */
export function lpPoolImages(x: Tensor4D, p: number, axes: readonly [PoolAxis, PoolAxis]): Tensor4D {
  const [vertical, horizontal] = axes;
  const area = vertical.kernel * horizontal.kernel;
  return lpRoot(mul(avgPoolImages(pow(x, p), axes, {}), area), p); // [batch, height, width, channel]
}
