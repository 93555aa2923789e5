import { type Rank, reshape, type Tensor1D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { checkConvolution } from "./check-convolution.ts";
import { convolve, convolveWithBias } from "./convolve.ts";
import { type ConvolutionOptions, resolveConvolution } from "./resolve-convolution.ts";

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
  const { strides, padding, dilations, groups } = resolveConvolution("conv1d", [weight.shape[0]], options);
  checkConvolution("conv1d", { x, weight, bias }, { padding, dilations, groups });
  const [stride = 1] = strides;
  const [zeros = [0, 0]] = padding;
  const [dilation = 1] = dilations;
  const convolution = {
    strides: [1, stride] as const,
    padding: [[0, 0], zeros] as const,
    dilations: [1, dilation] as const,
    groups,
  };
  return tidy(() => {
    const [batch, time, inChannels] = x.shape;
    const row = reshape<Rank.R4>(x, [batch, 1, time, inChannels]); //        [batch, 1, time, in]
    const filter = reshape<Rank.R4>(weight, [1, ...weight.shape]); //        [1, kernel, in / groups, out]
    const y =
      bias === null
        ? convolve({ x: row, filter }, convolution)
        : convolveWithBias({ x: row, filter, bias }, convolution);
    return reshape(y, [batch, y.shape[2], y.shape[3]]); //          [batch, time, out]
  });
}
