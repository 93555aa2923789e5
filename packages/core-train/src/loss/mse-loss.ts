import { square, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { checkShape } from "../shape-error.ts";
import { type WeightedLossOptions, weightedLosses } from "./weighted-losses.ts";

/**
 * The mean squared error, `(x − y)²`, PyTorch's `mse_loss`.
 *
 * @param input `[…]`
 * @param target `[…]`, of the shape of the input; PyTorch broadcasts it, with a warning
 * @returns one number; `[…]` unreduced
 */
export function mseLoss(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  checkShape("mseLoss", "target", target, input.shape);
  return tidy(() => weightedLosses("mseLoss", square(sub(input, target)), options));
}
