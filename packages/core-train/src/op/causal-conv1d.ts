import { concat, pad, slice, type Tensor1D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import type { Step } from "../module/sequence-layer.ts";
import { conv1d } from "./conv1d.ts";
import { checkTensor } from "../check-tensor.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link causalConv1d}. */
export interface CausalConv1dOptions {
  /** Time steps between the taps of the filter. Default: 1. */
  readonly dilation?: number;
  /** Default: 1. */
  readonly groups?: number;
}

/**
 * A convolution over time that only looks back: `y[t]` depends on `x[t]`, `x[t − dilation]`, …, never on a later time step. The
 * output is as long as the input.
 *
 * @param x `[batch, time, in]`
 * @param weight `[kernel, in / groups, out]`
 * @param bias `[out]`
 * @param state the inputs before `x`, `[batch, (kernel − 1) · dilation, in]`. Default: zeros
 * @returns `[batch, time, out]`, and the inputs before the next time step
 */
export function causalConv1d(
  x: Tensor3D,
  weight: Tensor3D,
  bias: Tensor1D | null,
  options: CausalConv1dOptions,
  state?: Tensor3D,
): Step<Tensor3D, Tensor3D> {
  checkOptions("causalConv1d", options, ["dilation", "groups"]);
  const { dilation = 1, groups = 1 } = options;
  checkTensor("causalConv1d", "x", x);
  checkTensor("causalConv1d", "weight", weight);
  const lookback = (weight.shape[0] - 1) * dilation;
  const [batch, time, channels] = x.shape;
  return tidy(() => {
    const seen = state === undefined ? padBefore(x, lookback) : concat([state, x], 1); // [batch, lookback + time, in]
    return {
      output: conv1d(seen, weight, bias, { dilation, groups }),
      state: slice(seen, [0, time, 0], [batch, lookback, channels]),
    };
  });
}

const padBefore = (x: Tensor3D, count: number): Tensor3D =>
  pad(x, [
    [0, 0],
    [count, 0],
    [0, 0],
  ]);
