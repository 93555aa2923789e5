import { type Tensor1D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import {
  convTransposeImages,
  type ConvTransposeOptions,
  type TransposedAxis,
  transposedAxes,
} from "./conv-transpose.ts";
import { checkOptions } from "../check-options.ts";

/** How a two-dimensional window is transposed. */
export type ConvTranspose2dOptions = ConvTransposeOptions<readonly [height: number, width: number]>;

/**
 * Spreads each number of an image over a window, as `torch.nn.functional.conv_transpose2d`: the gradient of {@link conv2d} at
 * its input, which some call deconvolution although it undoes nothing.
 *
 * @param x `[batch, height, width, in]`
 * @param weight `[height, width, out / groups, in]`; PyTorch keeps `[in, out / groups, height, width]`
 * @param bias `[out]`
 * @returns `[batch, (height − 1) stride − 2 padding + dilation (kernel − 1) + outputPadding + 1, …, out]`
 * @throws ShapeError when the shapes do not match or the output would be empty
 */
export function convTranspose2d(
  x: Tensor4D,
  weight: Tensor4D,
  bias: Tensor1D | null = null,
  options: ConvTranspose2dOptions = {},
): Tensor4D {
  checkOptions("convTranspose2d", options, ["stride", "padding", "outputPadding", "dilation", "groups"]);
  const tensors = { x, weight, bias };
  const axes = transposedAxes<[TransposedAxis, TransposedAxis]>(
    "convTranspose2d",
    ["height", "width"],
    tensors,
    options,
  );
  return tidy(() => convTransposeImages(x, weight, bias, axes, options.groups ?? 1));
}
