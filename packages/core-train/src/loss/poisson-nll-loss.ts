import { add, exp, greater, log, mul, onesLike, sub, type Tensor, tidy, where } from "@tensorflow/tfjs-core";
import { type LossOptions, reduceLosses } from "../reduce-losses.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkOptions } from "../check-options.ts";
import { checkNotNegative } from "../check-values.ts";

export interface PoissonNllLossOptions extends LossOptions {
  /** Whether the input is the logarithm of the rate. Default: true. */
  readonly logInput?: boolean;
  /** Whether to add Stirling's approximation of `log y!` where `y > 1`. Default: false. */
  readonly full?: boolean;
  /** What keeps the logarithm of the rate from `log 0`. Default: 1e-8. */
  readonly eps?: number;
}

/**
 * The negative log-likelihood of counts under Poisson rates, PyTorch's `poisson_nll_loss`: `exp x − y x`, or `x − y log(x + ε)` of the
 * rate itself. The term `log y!` is left out, or approximated.
 *
 * @param input `[…]`
 * @param target `[…]` counts, of the shape of the input; PyTorch broadcasts it
 * @returns one number; `[…]` unreduced
 */
export function poissonNllLoss(input: Tensor, target: Tensor, options: PoissonNllLossOptions = {}): Tensor {
  checkOptions("poissonNllLoss", options, ["logInput", "full", "eps", "reduction"]);
  const { logInput = true, full = false, eps = 1e-8, reduction } = options;
  checkNotNegative("poissonNllLoss", { eps });
  checkSameShape("poissonNllLoss", { input, target });
  return tidy(() => {
    const losses = logInput
      ? sub(exp(input), mul(target, input))
      : sub(input, mul(target, log(add(input, eps))));
    return reduceLosses("poissonNllLoss", full ? add(losses, stirling(target)) : losses, reduction);
  });
}

/** `y log y − y + ½ log(2π y)` where `y > 1`, else 0. */
function stirling(y: Tensor): Tensor {
  const many = greater(y, 1);
  const n = where(many, y, onesLike(y));
  const logFactorial = add(sub(mul(n, log(n)), n), mul(0.5, log(mul(2 * Math.PI, n))));
  return where(many, logFactorial, 0);
}
