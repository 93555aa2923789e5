import type { Tensor5D } from "@tensorflow/tfjs-core";
import { fractionalMaxPool, type FractionalMaxPoolOptions } from "./fractional-max-pool.ts";
import type { Extremes } from "./max.ts";
import type { PerAxis } from "./per-axis.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link fractionalMaxPool3d}. */
export type FractionalMaxPool3dOptions = FractionalMaxPoolOptions<
  readonly [depth: number, height: number, width: number]
>;

/**
 * {@link fractionalMaxPool3d} with the index of each maximum, as `torch.nn.functional.fractional_max_pool3d_with_indices`: row-major
 * over the spatial axes of the input within a channel.
 *
 * @param x `[batch, depth, height, width, channel]`
 * @returns `[batch, depth, height, width, channel]`, twice
 * @throws ShapeError when the windows do not fit
 */
export function fractionalMaxPool3dWithIndices(
  x: Tensor5D,
  kernelSize: PerAxis<readonly [depth: number, height: number, width: number]>,
  options: FractionalMaxPool3dOptions,
): Extremes<Tensor5D> {
  checkOptions("fractionalMaxPool3dWithIndices", options, ["rng", "outputSize", "outputRatio"]);
  return fractionalMaxPool("fractionalMaxPool3d", x, kernelSize, options, [
    "depth",
    "height",
    "width",
  ]) as Extremes<Tensor5D>;
}
