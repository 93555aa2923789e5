import type { Tensor1D, Tensor5D } from "@tensorflow/tfjs-core";
import { convolveVolumes } from "./convolve-volumes.ts";
import { type ConvolutionOptions, resolveConvolution } from "./resolve-convolution.ts";
import { checkTensor } from "../check-tensor.ts";
import { checkOptions } from "../check-options.ts";

/** How a three-dimensional window moves. */
export type Conv3dOptions = ConvolutionOptions<readonly [depth: number, height: number, width: number]>;

/**
 * Slides filters over volumes, as `torch.nn.functional.conv3d`; see {@link conv2d}. It is the sum of one convolution of
 * images for each slice of the kernel, so it is right on every backend; tfjs' own has no padding by number, and on WASM
 * its gradient reads outside of the filter.
 *
 * @param x `[batch, depth, height, width, in]`
 * @param weight `[depth, height, width, in / groups, out]`; PyTorch keeps `[out, in / groups, depth, height, width]`
 * @param bias `[out]`
 * @returns `[batch, depth, height, width, out]`
 */
export function conv3d(
  x: Tensor5D,
  weight: Tensor5D,
  bias: Tensor1D | null = null,
  options: Conv3dOptions = {},
): Tensor5D {
  checkOptions("conv3d", options, ["stride", "padding", "dilation", "groups"]);
  checkTensor("conv3d", "weight", weight);
  const [depth, height, width] = weight.shape;
  return convolveVolumes(x, weight, bias, resolveConvolution("conv3d", [depth, height, width], options));
}
