import { checkShape, logSoftmax, sizeAlong } from "@pellucid/core-train";
import { add, exp, mul, sub, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";

/**
 * The Kullback–Leibler divergence from one categorical distribution to another: `Σ_c p_c (log p_c − log q_c)`.
 *
 * PyTorch's `kl_divergence` of two `Categorical`.
 *
 * @param logits `[…, class]`
 * @param prior logits of the same shape. Default: all classes are equally probable.
 * @returns `[…]`
 */
export function categoricalKl(logits: Tensor, prior?: Tensor): Tensor {
  checkShape("categoricalKl", "logits", logits, ["...", "class"]);
  if (prior !== undefined) checkShape("categoricalKl", "prior", prior, logits.shape);
  return tidy(() => {
    const log = logSoftmax(logits); //                                          […, class]
    const even = Math.log(sizeAlong(logits, -1));
    const apart = prior === undefined ? add(log, even) : sub(log, logSoftmax(prior));
    return sum(mul(exp(log), apart), -1);
  });
}
