import { checkOptions, checkPositive, checkShape, logSumExp, max, softmax } from "@pellucid/core-train";
import { div, mul, neg, sub, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

/** 1 less the largest probability: high for what is unlike the training data. Hendrycks and Gimpel, 2016. https://arxiv.org/abs/1610.02136 @param logits `[batch, class]` */
export function maxProbabilityScore(logits: Tensor2D): Tensor1D {
  checkShape("maxProbabilityScore", "logits", logits, ["batch", "class"]);
  return tidy(() => sub(1, max(softmax(logits), 1).values) as Tensor1D);
}

/** The energy `−T log Σ exp(logit / T)`: high for what is unlike the training data. Liu et al., 2020. https://arxiv.org/abs/2010.03759 @param logits `[batch, class]` */
export function energyScore(logits: Tensor2D, options: { readonly temperature?: number } = {}): Tensor1D {
  checkOptions("energyScore", options, ["temperature"]);
  const { temperature = 1 } = options;
  checkShape("energyScore", "logits", logits, ["batch", "class"]);
  checkPositive("energyScore", { temperature });
  return tidy(() => neg(mul(temperature, logSumExp(div(logits, temperature), 1))) as Tensor1D);
}
