import { mul, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { abs } from "../op/abs.ts";
import { clamp } from "../op/clamp.ts";
import { defineElementwise } from "../op/define-elementwise.ts";
import { OptionError } from "../option-error.ts";
import { type LossOptions, reduceLosses } from "../reduce-losses.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkOptions } from "../check-options.ts";

export interface HuberLossOptions extends LossOptions {
  /** What each loss is multiplied with, `[…]`. As in PyTorch, the mean is not divided by it. Default: 1. */
  readonly weight?: Tensor;
  /** The error from which on the loss grows straight. Default: 1. */
  readonly delta?: number;
}

/**
 * Squares small errors and takes large ones as they are, PyTorch's `huber_loss`.
 *
 * `½ e²` for `|e| < δ`, else `δ (|e| − ½ δ)`, with `e = x − y`. Huber, 1964. https://doi.org/10.1214/aoms/1177703732
 *
 * @param input `[…]`
 * @param target `[…]`, of the shape of the input; PyTorch broadcasts it, with a warning
 * @returns one number; `[…]` unreduced
 */
export function huberLoss(input: Tensor, target: Tensor, options: HuberLossOptions = {}): Tensor {
  checkOptions("huberLoss", options, ["weight", "delta", "reduction"]);
  const { delta = 1, weight, reduction } = options;
  checkSameShape("huberLoss", { input, target });
  if (!(delta > 0)) throw new OptionError("huberLoss", "delta", delta, "a number above 0");
  if (weight !== undefined) checkSameShape("huberLoss", { input, weight });
  return tidy(() => {
    const losses = huber(sub(input, target), delta);
    return reduceLosses("huberLoss", weight === undefined ? losses : mul(losses, weight), reduction);
  });
}

const op = defineElementwise({
  name: "PellucidHuber",
  caller: "huberLoss",
  // Both pieces are c (|e| − ½ c) with c = min(|e|, δ).
  value: (error, { delta }: { delta: number }) => {
    const size = abs(error);
    const small = clamp(size, 0, delta);
    return mul(small, sub(size, mul(small, 0.5)));
  },
  derivative: (error, { delta }) => clamp(error, -delta, delta),
});

/** `½ e²` for `|e| < δ`, else `δ (|e| − ½ δ)`, of each number. */
export function huber(error: Tensor, delta: number): Tensor {
  return op(error, { delta });
}
