import type { Tensor4D } from "@tensorflow/tfjs-core";
import { fractionalMaxPool, type FractionalMaxPoolOptions } from "./fractional-max-pool.ts";
import type { Extremes } from "./max.ts";
import type { PerAxis } from "./per-axis.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link fractionalMaxPool2d}. */
export type FractionalMaxPool2dOptions = FractionalMaxPoolOptions<readonly [height: number, width: number]>;

/**
 * {@link fractionalMaxPool2d} with the index of each maximum, as `torch.nn.functional.fractional_max_pool2d_with_indices`: row-major
 * over the spatial axes of the input within a channel.
 *
 * @param x `[batch, height, width, channel]`
 * @returns `[batch, height, width, channel]`, twice
 * @throws ShapeError when the windows do not fit
 */
export function fractionalMaxPool2dWithIndices(
  x: Tensor4D,
  kernelSize: PerAxis<readonly [height: number, width: number]>,
  options: FractionalMaxPool2dOptions,
): Extremes<Tensor4D> {
  checkOptions("fractionalMaxPool2dWithIndices", options, ["rng", "outputSize", "outputRatio"]);
  return fractionalMaxPool("fractionalMaxPool2d", x, kernelSize, options, [
    "height",
    "width",
  ]) as Extremes<Tensor4D>;
}
