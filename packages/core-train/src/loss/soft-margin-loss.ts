import { mul, onesLike, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { logitCrossEntropy } from "./binary-cross-entropy-with-logits.ts";
import { checkSignValues } from "./check-domain.ts";
import { type LossOptions, reduceLosses } from "../reduce-losses.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkOptions } from "../check-options.ts";

/**
 * The logistic loss of two classes, PyTorch's `soft_margin_loss`: `log(1 + exp(−y x))`. It does not overflow, as PyTorch's
 * does below −88.
 *
 * @param input `[…]` scores
 * @param target `[…]` 1 or −1, of the shape of the input
 * @returns one number; `[…]` unreduced
 */
export function softMarginLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkOptions("softMarginLoss", options, ["reduction"]);
  checkSameShape("softMarginLoss", { input, target });
  checkSignValues("softMarginLoss", target);
  return tidy(() => {
    const agreement = mul(target, input);
    const losses = logitCrossEntropy({ input: agreement, target: onesLike(agreement) }, {});
    return reduceLosses("softMarginLoss", losses, options.reduction);
  });
}
