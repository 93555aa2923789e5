import { square, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { type WeightedLossOptions, weightedLosses } from "./weighted-losses.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkOptions } from "../check-options.ts";

/**
 * The mean squared error, `(x − y)²`, PyTorch's `mse_loss`.
 *
 * @param input `[…]`
 * @param target `[…]`, of the shape of the input; PyTorch broadcasts it, with a warning
 * @returns one number; `[…]` unreduced
 */
export function mseLoss(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  checkOptions("mseLoss", options, ["weight", "reduction"]);
  checkSameShape("mseLoss", { input, target });
  return tidy(() => weightedLosses("mseLoss", square(sub(input, target)), options));
}
