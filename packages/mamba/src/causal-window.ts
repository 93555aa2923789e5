import { type Conv1d, conv1d, silu } from "@pellucid/core-train";
import { concat, slice, type Tensor3D } from "@tensorflow/tfjs-core";

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
  const [batch, width, channels] = before.shape;
  const seen = concat([before, x], 1); // [batch, width − 1 + time, channel]
  const y = silu(conv1d(seen, conv.weight, conv.bias, { groups: channels }));
  return { y, before: slice(seen, [0, seen.shape[1] - width, 0], [batch, width, channels]) };
}
