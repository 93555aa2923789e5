import { add, mul, sub, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { detach } from "../no-grad.ts";
import { logSoftmax } from "../op/log-softmax.ts";
import { softmax } from "../op/softmax.ts";
import { OptionError } from "../option-error.ts";
import { checkShape } from "../shape-error.ts";
import { crossEntropy } from "./cross-entropy.ts";
import { type LossOptions, reduceLosses } from "../reduce-losses.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkOptions } from "../check-options.ts";

export interface DistillationLossOptions extends LossOptions {
  /** What both logits are divided by, so that the teacher's small probabilities show. Default: 2. */
  readonly temperature?: number;
  /** How much the teacher counts, the labels counting `1 − alpha`: 0 to 1. Default: 0.5. */
  readonly alpha?: number;
}

/**
 * What a student learns from a teacher's outputs in addition to the labels:
 * `(1 − α) CE(x, y) + α T² KL(softmax(t / T) ‖ softmax(x / T))`.
 *
 * The teacher is a constant. Hinton et al., 2015, section 2. https://arxiv.org/abs/1503.02531 Not part of PyTorch.
 *
 * @param input `[batch, …, class]`, the student's logits
 * @param teacher `[batch, …, class]`, the teacher's
 * @param target as for {@link crossEntropy}: `[batch, …]` int32 labels, or probabilities
 * @returns one number; `[batch, …]` unreduced
 */
export function distillationLoss(
  input: Tensor,
  teacher: Tensor,
  target: Tensor,
  options: DistillationLossOptions = {},
): Tensor {
  checkOptions("distillationLoss", options, ["temperature", "alpha", "reduction"]);
  const { temperature = 2, alpha = 0.5, reduction } = options;
  checkShape("distillationLoss", "input", input, ["...", "class"]);
  checkSameShape("distillationLoss", { input, teacher });
  if (!(temperature > 0)) {
    throw new OptionError("distillationLoss", "temperature", temperature, "a number above 0");
  }
  if (!(alpha >= 0 && alpha <= 1)) throw new OptionError("distillationLoss", "alpha", alpha, "0 to 1");
  return tidy(() => {
    const cooled = mul(detach(teacher), 1 / temperature); //                             [batch, …, class]
    const gap = sub(logSoftmax(cooled), logSoftmax(mul(input, 1 / temperature))); //     [batch, …, class]
    const divergence = sum(mul(softmax(cooled), gap), -1); //                            [batch, …]
    const hard = crossEntropy(input, target, { reduction: "none" }); //                  [batch, …]
    const losses = add(mul(hard, 1 - alpha), mul(divergence, alpha * temperature ** 2)); // [batch, …]
    return reduceLosses("distillationLoss", losses, reduction);
  });
}
