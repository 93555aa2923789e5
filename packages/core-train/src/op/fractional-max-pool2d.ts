import { type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import {
  fractionalMaxPool2dWithIndices,
  type FractionalMaxPool2dOptions,
} from "./fractional-max-pool2d-with-indices.ts";
import type { PerAxis } from "./per-axis.ts";
import { checkOptions } from "../check-options.ts";

/**
 * The largest number of each window, where windows are placed at random so that an image shrinks by a fraction, as
 * `torch.nn.functional.fractional_max_pool2d`. It draws what PyTorch draws, also in inference.
 *
 * Graham, 2014. https://arxiv.org/abs/1412.6071
 *
 * @param x `[batch, height, width, channel]`
 * @returns `[batch, height, width, channel]`
 */
export function fractionalMaxPool2d(
  x: Tensor4D,
  kernelSize: PerAxis<readonly [height: number, width: number]>,
  options: FractionalMaxPool2dOptions,
): Tensor4D {
  checkOptions("fractionalMaxPool2d", options, ["rng", "outputSize", "outputRatio"]);
  return tidy(() => fractionalMaxPool2dWithIndices(x, kernelSize, options).values);
}
