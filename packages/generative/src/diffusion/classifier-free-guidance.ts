import { checkFinite, checkOptions, checkProbabilities, checkShape } from "@pellucid/core-train";
import { add, div, mean, mul, sqrt, square, sub, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";

/** Options for {@link classifierFreeGuidance}. */
export interface ClassifierFreeGuidanceOptions {
  /** 0 is the unconditional prediction, 1 the conditional one, above 1 exaggerates the condition. In the paper's form it is `w + 1`. */
  readonly scale: number;
  /** How far the standard deviation of each example is taken back to that of the conditional prediction, 0 to 1. Default: 0. */
  readonly rescale?: number;
}

/**
 * `u + scale (c − u)`: away from what a model predicts without its condition, toward what it predicts with it.
 *
 * Ho and Salimans, 2022. https://arxiv.org/abs/2207.12598. With `rescale`: Lin et al., 2023, section 3.4. https://arxiv.org/abs/2305.08891
 *
 * @param conditional `[batch, ...]`
 * @param unconditional the same shape
 */
export function classifierFreeGuidance(
  conditional: Tensor,
  unconditional: Tensor,
  options: ClassifierFreeGuidanceOptions,
): Tensor {
  checkOptions("classifierFreeGuidance", options, ["scale", "rescale"]);
  const { scale, rescale = 0 } = options;
  checkFinite("classifierFreeGuidance", { scale });
  checkProbabilities("classifierFreeGuidance", { rescale });
  checkShape("classifierFreeGuidance", "unconditional", unconditional, conditional.shape);
  return tidy(() => {
    const guided = add(unconditional, mul(sub(conditional, unconditional), scale));
    if (rescale === 0 || scale === 0) return guided;
    const ratio = div(deviation(conditional), deviation(guided)); // [batch, 1, ...]
    return mul(guided, add(mul(ratio, rescale), 1 - rescale));
  });
}

/** Of each example, as `torch.std`. */
function deviation(x: Tensor): Tensor {
  const axes = x.shape.slice(1).map((_, i) => i + 1);
  const size = x.size / (x.shape[0] ?? 1);
  return sqrt(div(sum(square(sub(x, mean(x, axes, true))), axes, true), size - 1));
}
