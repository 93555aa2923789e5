import { causalConv1d, type Conv1d, silu, type Step } from "@pellucid/core-train";
import type { Tensor3D } from "@tensorflow/tfjs-core";

/**
 * The short causal convolution before a scan, of each channel separately, and SiLU. Call it in a `tidy`.
 *
 * @param conv depthwise, without padding
 * @param x `[batch, time, channel]`
 * @param state the inputs of the previous time steps, `[batch, width − 1, channel]`
 */
export function causalWindow(conv: Conv1d, x: Tensor3D, state: Tensor3D): Step<Tensor3D, Tensor3D> {
  const convolved = causalConv1d(x, conv.weight, conv.bias, { groups: x.shape[2] }, state);
  return { output: silu(convolved.output), state: convolved.state };
}
