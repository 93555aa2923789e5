import { type Rank, reshape, type Tensor1D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import {
  convTransposeImages,
  type ConvTransposeOptions,
  type TransposedAxis,
  transposedAxes,
} from "./conv-transpose.ts";
import { checkOptions } from "../check-options.ts";

/** How a one-dimensional window is transposed. */
export type ConvTranspose1dOptions = ConvTransposeOptions<readonly [time: number]>;

/**
 * Spreads each number of a sequence over a window, as `torch.nn.functional.conv_transpose1d`; see {@link convTranspose2d}.
 *
 * @param x `[batch, time, in]`; PyTorch has `[batch, in, time]`
 * @param weight `[time, out / groups, in]`; PyTorch keeps `[in, out / groups, time]`
 * @param bias `[out]`
 * @returns `[batch, (time − 1) stride − 2 padding + dilation (kernel − 1) + outputPadding + 1, out]`
 */
export function convTranspose1d(
  x: Tensor3D,
  weight: Tensor3D,
  bias: Tensor1D | null = null,
  options: ConvTranspose1dOptions = {},
): Tensor3D {
  checkOptions("convTranspose1d", options, ["stride", "padding", "outputPadding", "dilation", "groups"]);
  const [axis] = transposedAxes<[TransposedAxis]>("convTranspose1d", ["time"], { x, weight, bias }, options);
  return tidy(() => {
    const [batch, time, inChannels] = x.shape;
    const row = reshape<Rank.R4>(x, [batch, 1, time, inChannels]); //    [batch, 1, time, in]
    const filter = reshape<Rank.R4>(weight, [1, ...weight.shape]); //    [1, kernel, out / groups, in]
    const y = convTransposeImages(row, filter, bias, [single, axis], options.groups ?? 1);
    return reshape(y, [batch, y.shape[2], y.shape[3]]); //               [batch, time, out]
  });
}

const single: TransposedAxis = { stride: 1, dilation: 1, cut: [0, 0], zeros: 0, output: 1 };
