import { sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { abs } from "../op/abs.ts";
import { type WeightedLossOptions, weightedLosses } from "./weighted-losses.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkOptions } from "../check-options.ts";

/**
 * The mean absolute error, `|x − y|`, PyTorch's `l1_loss`.
 *
 * @param input `[…]`
 * @param target `[…]`, of the shape of the input; PyTorch broadcasts it, with a warning
 * @returns one number; `[…]` unreduced
 */
export function l1Loss(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  checkOptions("l1Loss", options, ["weight", "reduction"]);
  checkSameShape("l1Loss", { input, target });
  return tidy(() => weightedLosses("l1Loss", abs(sub(input, target)), options));
}
