import { add, mul, neg, pow, sigmoid, square, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { logitCrossEntropy } from "./binary-cross-entropy-with-logits.ts";
import { type LossOptions, reduceLosses } from "../reduce-losses.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkOptions } from "../check-options.ts";
import { checkFinite, checkNotNegative } from "../check-values.ts";

export interface FocalLossOptions extends Omit<LossOptions, "reduction"> {
  /** How the losses become one. Default: `"none"`, as detectors divide by the number of objects themselves. */
  readonly reduction?: LossOptions["reduction"];
  /** How much a one counts, a zero counting `1 − alpha`; negative for both the same. Default: 0.25. */
  readonly alpha?: number;
  /** How much less what is already right counts; 0 for {@link binaryCrossEntropyWithLogits}. Default: 2. */
  readonly gamma?: number;
}

/**
 * The cross-entropy of logits with ones and zeros, of which the easy ones count little, torchvision's `sigmoid_focal_loss`:
 * `−α (1 − p)^γ log p` with the probability `p` of what is right. Not reduced, unless asked for.
 * Lin et al., 2017, eq. 5. https://arxiv.org/abs/1708.02002
 *
 * @param input `[…]` logits
 * @param target `[…]` ones and zeros, of the shape of the input
 * @returns `[…]`, or one number
 */
export function focalLoss(input: Tensor, target: Tensor, options: FocalLossOptions = {}): Tensor {
  checkOptions("focalLoss", options, ["reduction", "alpha", "gamma"]);
  const { alpha = 0.25, gamma = 2, reduction = "none" } = options;
  checkFinite("focalLoss", { alpha });
  checkNotNegative("focalLoss", { gamma });
  checkSameShape("focalLoss", { input, target });
  return tidy(() => {
    let losses = logitCrossEntropy({ input, target }, {});
    if (gamma !== 0) {
      const wrong = mixture(target, sigmoid(neg(input)), sigmoid(input)); // 1 − p
      losses = mul(losses, gamma === 2 ? square(wrong) : pow(wrong, gamma));
    }
    if (alpha >= 0) losses = mul(losses, mixture(target, alpha, 1 - alpha));
    return reduceLosses("focalLoss", losses, reduction);
  });
}

function mixture(target: Tensor, ofOne: Tensor | number, ofZero: Tensor | number): Tensor {
  return add(mul(target, ofOne), mul(sub(1, target), ofZero));
}
