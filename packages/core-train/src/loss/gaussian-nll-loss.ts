import { add, div, expandDims, log, mul, square, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { defineOp } from "../op/define-op.ts";
import { ShapeError } from "../shape-error.ts";
import { checkDomain } from "./check-domain.ts";
import { type LossOptions, reduceLosses } from "../reduce-losses.ts";
import { maximum } from "../op/maximum.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkOptions } from "../check-options.ts";
import { checkPositive } from "../check-values.ts";

export interface GaussianNllLossOptions extends LossOptions {
  /** Whether to add the constant `½ log 2π`. Default: false. */
  readonly full?: boolean;
  /** The smallest variance, for stability; a smaller one has the gradient that this one would have. Default: 1e-6. */
  readonly eps?: number;
}

/** `max(x, eps)`, with gradient 1 everywhere. */
const liftTo = defineOp({
  name: "PellucidLiftTo",
  caller: "gaussianNllLoss",
  inputs: { x: "float32" },
  reference: ({ x }, { eps }: { eps: number }): Tensor => maximum(x, eps),
  gradient: (dy) => ({ x: () => mul(dy, 1) }),
});

/**
 * The negative log-likelihood of numbers under normal distributions, PyTorch's `gaussian_nll_loss`:
 * `½ (log σ² + (x − y)² / σ²)`.
 *
 * Nix and Weigend, 1994. https://doi.org/10.1109/ICNN.1994.374138
 *
 * @param input `[…, n]` means
 * @param target `[…, n]`, of the shape of the input
 * @param variance `[…, n]`, or one for all of the last axis: `[…, 1]` or `[…]`
 * @returns one number; `[…, n]` unreduced
 * @throws DomainError for a negative variance
 */
export function gaussianNllLoss(
  input: Tensor,
  target: Tensor,
  variance: Tensor,
  options: GaussianNllLossOptions = {},
): Tensor {
  checkOptions("gaussianNllLoss", options, ["full", "eps", "reduction"]);
  const { full = false, eps = 1e-6, reduction } = options;
  checkPositive("gaussianNllLoss", { eps });
  checkSameShape("gaussianNllLoss", { input, target });
  const shared = variance.rank === input.rank - 1;
  checkVariance(input, variance, shared);
  return tidy(() => {
    const lifted = liftTo({ x: shared ? expandDims(variance, -1) : variance }, { eps });
    const losses = mul(0.5, add(log(lifted), div(square(sub(input, target)), lifted)));
    return reduceLosses(
      "gaussianNllLoss",
      full ? add(losses, 0.5 * Math.log(2 * Math.PI)) : losses,
      reduction,
    );
  });
}

function checkVariance(input: Tensor, variance: Tensor, shared: boolean): void {
  const found = shared ? [...variance.shape, 1] : variance.shape;
  const rest = input.shape.slice(0, -1);
  const last = found.at(-1);
  const fits = found.length === input.rank && rest.every((size, i) => size === found[i]);
  if (!fits || (last !== 1 && last !== input.shape.at(-1))) {
    throw new ShapeError(
      `gaussianNllLoss: variance is [${variance.shape.join(", ")}], expected [${input.shape.join(", ")}] or [${[...rest, 1].join(", ")}].`,
    );
  }
  checkDomain("gaussianNllLoss", "variance", variance, (value) => !(value < 0), "0 or more");
}
