import type { Tensor1D, Tensor3D } from "@tensorflow/tfjs-core";
import { convolveSequences } from "./convolve-sequences.ts";
import { type ConvolutionOptions, resolveConvolution } from "./resolve-convolution.ts";
import { checkTensor } from "../check-tensor.ts";
import { checkOptions } from "../check-options.ts";

/** How a one-dimensional window moves. */
export type Conv1dOptions = ConvolutionOptions<readonly [time: number]>;

/**
 * Slides filters over sequences, as `torch.nn.functional.conv1d`; see {@link conv2d}.
 *
 * @param x `[batch, time, in]`; PyTorch has `[batch, in, time]`
 * @param weight `[time, in / groups, out]`; PyTorch keeps `[out, in / groups, time]`
 * @param bias `[out]`
 * @returns `[batch, ⌊(time + 2 padding − dilation (kernel − 1) − 1) / stride⌋ + 1, out]`
 */
export function conv1d(
  x: Tensor3D,
  weight: Tensor3D,
  bias: Tensor1D | null = null,
  options: Conv1dOptions = {},
): Tensor3D {
  checkOptions("conv1d", options, ["stride", "padding", "dilation", "groups"]);
  checkTensor("conv1d", "weight", weight);
  return convolveSequences(x, weight, bias, resolveConvolution("conv1d", [weight.shape[0]], options));
}
