import { add, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { OptionError } from "../option-error.ts";
import { checkShape } from "../shape-error.ts";
import { norm } from "./norm.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkOptions } from "../check-options.ts";
import { checkFinite } from "../check-values.ts";

export interface PairwiseDistanceOptions {
  /** The norm: 2 is Euclid's, 1 the sum, Infinity the largest difference. Default: 2. */
  readonly p?: number;
  /** What is added to each difference. Default: 1e-6. */
  readonly eps?: number;
}

/**
 * The distances between the vectors of two lists, row by row, PyTorch's `pairwise_distance`: `‖x₁ − x₂ + ε‖_p`.
 *
 * @param x1 `[…, feature]`
 * @param x2 `[…, feature]`, of the same shape; PyTorch broadcasts it
 * @returns `[…]`
 */
export function pairwiseDistance(x1: Tensor, x2: Tensor, options: PairwiseDistanceOptions = {}): Tensor {
  checkOptions("pairwiseDistance", options, ["p", "eps"]);
  const { p = 2, eps = 1e-6 } = options;
  checkFinite("pairwiseDistance", { eps });
  checkShape("pairwiseDistance", "x1", x1, ["...", "feature"]);
  checkSameShape("pairwiseDistance", { x1, x2 });
  if (!(p > 0)) throw new OptionError("pairwiseDistance", "p", p, "a number above 0");
  return tidy(() => norm(add(sub(x1, x2), eps), p, -1));
}
