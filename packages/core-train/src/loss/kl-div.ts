import {
  div,
  exp,
  greater,
  log,
  mul,
  onesLike,
  sub,
  sum,
  type Tensor,
  tidy,
  where,
} from "@tensorflow/tfjs-core";
import { checkNotEmpty, type LossOptions, reduceLosses } from "../reduce-losses.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkOptions } from "../check-options.ts";

export interface KlDivOptions extends Omit<LossOptions, "reduction"> {
  /** As for every loss, or `"batchmean"`: the sum by the size of the batch, the divergence proper. Default: `"mean"`. */
  readonly reduction?: LossOptions["reduction"] | "batchmean";
  /** Whether the target is log-probabilities too. Default: false. */
  readonly logTarget?: boolean;
}

/**
 * The Kullback–Leibler divergence from log-probabilities to a target, PyTorch's `kl_div`: `y (log y − x)` of each number.
 * Kullback and Leibler, 1951. https://doi.org/10.1214/aoms/1177729694
 *
 * @param input `[batch, …]` log-probabilities
 * @param target `[batch, …]` probabilities, of the shape of the input; PyTorch broadcasts it, with a warning
 * @returns one number; `[batch, …]` unreduced
 */
export function klDiv(input: Tensor, target: Tensor, options: KlDivOptions = {}): Tensor {
  checkOptions("klDiv", options, ["reduction", "logTarget"]);
  const { logTarget = false, reduction } = options;
  checkSameShape("klDiv", { input, target });
  return tidy(() => {
    const losses = logTarget
      ? mul(exp(target), sub(target, input))
      : sub(entropy(target), mul(target, input));
    if (reduction !== "batchmean") return reduceLosses("klDiv", losses, reduction);
    checkNotEmpty("klDiv", losses);
    return div(sum(losses), input.shape[0] ?? 1);
  });
}

/** `y log y`, which is 0 at 0. */
function entropy(y: Tensor): Tensor {
  return mul(y, log(where(greater(y, 0), y, onesLike(y))));
}
