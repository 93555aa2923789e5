import { add, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { clamp } from "../op/clamp.ts";
import { minimum } from "../op/minimum.ts";
import { OptionError } from "../option-error.ts";
import type { MarginLossOptions } from "./hinge-embedding-loss.ts";
import { pairwiseDistance } from "../op/pairwise-distance.ts";
import { reduceLosses } from "../reduce-losses.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkOptions } from "../check-options.ts";

export interface TripletMarginWithDistanceLossOptions extends MarginLossOptions {
  /** How far things are apart: two of the shape of the inputs -> `[batch]`. Default: {@link pairwiseDistance}. */
  readonly distance?: (x1: Tensor, x2: Tensor) => Tensor;
  /** Whether the negative is to keep away from the positive, where that is the nearer to it. Default: false. */
  readonly swap?: boolean;
}

/**
 * The anchor should be nearer to its positive than to its negative by a margin, in any distance, PyTorch's
 * `triplet_margin_with_distance_loss`: `max(0, d(a, p) − d(a, n) + margin)`. The margin is 1 by default.
 *
 * @param anchor `[batch, …]`
 * @param positive of the same shape
 * @param negative of the same shape
 * @returns one number; `[batch]` unreduced
 */
export function tripletMarginWithDistanceLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletMarginWithDistanceLossOptions = {},
): Tensor {
  checkOptions("tripletMarginWithDistanceLoss", options, ["distance", "swap", "margin", "reduction"]);
  const { distance = pairwiseDistance } = options;
  return tripletLoss("tripletMarginWithDistanceLoss", anchor, positive, negative, { ...options, distance });
}

/** The triplet loss, by the name of the function that is called. */
export function tripletLoss(
  caller: string,
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletMarginWithDistanceLossOptions & { distance: (x1: Tensor, x2: Tensor) => Tensor },
): Tensor {
  const { distance, margin = 1, swap = false, reduction } = options;
  checkSameShape(caller, { anchor, positive });
  checkSameShape(caller, { anchor, negative });
  if (!(margin > 0)) throw new OptionError(caller, "margin", margin, "a number above 0");
  return tidy(() => {
    const near = distance(anchor, positive); //                                          [batch]
    const far = distance(anchor, negative); //                                           [batch]
    const farthest = swap ? minimum(far, distance(positive, negative)) : far; //         [batch]
    return reduceLosses(caller, clamp(add(sub(near, farthest), margin), 0, Infinity), reduction);
  });
}
