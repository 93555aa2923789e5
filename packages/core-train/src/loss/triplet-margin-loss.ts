import type { Tensor } from "@tensorflow/tfjs-core";
import type { MarginLossOptions } from "./hinge-embedding-loss.ts";
import { pairwiseDistance, type PairwiseDistanceOptions } from "../op/pairwise-distance.ts";
import { tripletLoss } from "./triplet-margin-with-distance-loss.ts";
import { checkOptions } from "../check-options.ts";

export interface TripletMarginLossOptions extends MarginLossOptions, PairwiseDistanceOptions {
  /** Whether the negative is to keep away from the positive, where that is the nearer to it. Default: false. */
  readonly swap?: boolean;
}

/**
 * The anchor should be nearer to its positive than to its negative by a margin, PyTorch's `triplet_margin_loss`:
 * `max(0, ‖a − p‖ − ‖a − n‖ + margin)`. The margin is 1 by default. The distances are not squared, as they are in
 * Schroff et al., 2015, eq. 3. https://arxiv.org/abs/1503.03832
 *
 * @param anchor `[batch, feature]`, or `[feature]`
 * @param positive of the same shape
 * @param negative of the same shape
 * @returns one number; `[batch]` unreduced
 */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletMarginLossOptions = {},
): Tensor {
  checkOptions("tripletMarginLoss", options, ["swap", "margin", "reduction", "p", "eps"]);
  const { p = 2, eps = 1e-6, ...rest } = options;
  const distance = (x1: Tensor, x2: Tensor) => pairwiseDistance(x1, x2, { p, eps });
  return tripletLoss("tripletMarginLoss", anchor, positive, negative, { ...rest, distance });
}
