import { type Tensor5D, tidy } from "@tensorflow/tfjs-core";
import {
  fractionalMaxPool3dWithIndices,
  type FractionalMaxPool3dOptions,
} from "./fractional-max-pool3d-with-indices.ts";
import type { PerAxis } from "./per-axis.ts";
import { checkOptions } from "../check-options.ts";

/**
 * {@link fractionalMaxPool2d} of volumes, as `torch.nn.functional.fractional_max_pool3d`.
 *
 * @param x `[batch, depth, height, width, channel]`
 * @returns `[batch, depth, height, width, channel]`
 */
export function fractionalMaxPool3d(
  x: Tensor5D,
  kernelSize: PerAxis<readonly [depth: number, height: number, width: number]>,
  options: FractionalMaxPool3dOptions,
): Tensor5D {
  checkOptions("fractionalMaxPool3d", options, ["rng", "outputSize", "outputRatio"]);
  return tidy(() => fractionalMaxPool3dWithIndices(x, kernelSize, options).values);
}
