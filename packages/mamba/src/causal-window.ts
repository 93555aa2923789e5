import { causalConv1d, type Conv1d, silu } from "@pellucid/core-train";
import type { Tensor3D } from "@tensorflow/tfjs-core";

/**
 * A convolution over each channel by itself, over a moment and the ones before it, and SiLU: the short memory in front of a
 * scan. Call it in a `tidy`.
 *
 * @param conv depthwise, without padding
 * @param before the inputs at the moments before, `[batch, width − 1, channel]`
 * @param x `[batch, time, channel]`
 */
export function causalWindow(
  conv: Conv1d,
  before: Tensor3D,
  x: Tensor3D,
): { readonly y: Tensor3D; readonly before: Tensor3D } {
  const { output, state } = causalConv1d(x, conv.weight, conv.bias, { groups: x.shape[2] }, before);
  return { y: silu(output), before: state };
}
