import { square, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { checkShape } from "../shape-error.ts";
import { type LossOptions, reduceLosses } from "./reduce-losses.ts";

/**
 * The mean squared error, `(x - y)²`.
 *
 * @param input `[…]`
 * @param target `[…]`, of the shape of the input; PyTorch broadcasts it, with a warning
 * @returns one number; `[…]` unreduced
 */
export function mseLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkShape("mseLoss", "target", target, input.shape);
  return tidy(() => reduceLosses("mseLoss", square(sub(input, target)), options.reduction));
}
