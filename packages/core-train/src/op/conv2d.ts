import type { Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";
import { convolveImages } from "./convolve-images.ts";
import { type ConvolutionOptions, resolveConvolution } from "./resolve-convolution.ts";
import { checkTensor } from "../check-tensor.ts";
import { checkOptions } from "../check-options.ts";

/** How a two-dimensional window moves. */
export type Conv2dOptions = ConvolutionOptions<readonly [height: number, width: number]>;

/**
 * Slides filters over images, as `torch.nn.functional.conv2d`, with stride, padding, dilation and groups in any
 * combination and gradients of any order. tfjs' own knows no groups, and dilation neither with a stride nor in a gradient.
 *
 * @param x `[batch, height, width, in]`
 * @param weight `[height, width, in / groups, out]`; PyTorch keeps `[out, in / groups, height, width]`
 * @param bias `[out]`
 * @returns `[batch, ⌊(height + 2 padding − dilation (kernel − 1) − 1) / stride⌋ + 1, …, out]`
 * @throws ShapeError when the shapes do not match, or the window does not fit into the padded image
 */
export function conv2d(
  x: Tensor4D,
  weight: Tensor4D,
  bias: Tensor1D | null = null,
  options: Conv2dOptions = {},
): Tensor4D {
  checkOptions("conv2d", options, ["stride", "padding", "dilation", "groups"]);
  checkTensor("conv2d", "weight", weight);
  const [height, width] = weight.shape;
  return convolveImages(x, weight, bias, resolveConvolution("conv2d", [height, width], options));
}
