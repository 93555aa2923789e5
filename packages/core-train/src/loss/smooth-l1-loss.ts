import { mul, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { abs } from "../op/abs.ts";
import { OptionError } from "../option-error.ts";
import { huber } from "./huber-loss.ts";
import { type LossOptions, reduceLosses } from "../reduce-losses.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkOptions } from "../check-options.ts";

export interface SmoothL1LossOptions extends LossOptions {
  /** The error below which the loss is rounded off; 0 makes it {@link l1Loss}. Default: 1. */
  readonly beta?: number;
}

/**
 * The absolute error, rounded off at 0, PyTorch's `smooth_l1_loss`.
 *
 * `½ e² / β` for `|e| < β`, else `|e| − ½ β`, with `e = x − y`: the Huber loss by `β`.
 * Girshick, 2015, eq. 3. https://arxiv.org/abs/1504.08083
 *
 * @param input `[…]`
 * @param target `[…]`, of the shape of the input; PyTorch broadcasts it, with a warning
 * @returns one number; `[…]` unreduced
 */
export function smoothL1Loss(input: Tensor, target: Tensor, options: SmoothL1LossOptions = {}): Tensor {
  checkOptions("smoothL1Loss", options, ["beta", "reduction"]);
  const { beta = 1, reduction } = options;
  checkSameShape("smoothL1Loss", { input, target });
  if (!(beta >= 0)) throw new OptionError("smoothL1Loss", "beta", beta, "0 or more");
  return tidy(() => {
    const error = sub(input, target);
    const losses = beta === 0 ? abs(error) : mul(huber(error, beta), 1 / beta);
    return reduceLosses("smoothL1Loss", losses, reduction);
  });
}
