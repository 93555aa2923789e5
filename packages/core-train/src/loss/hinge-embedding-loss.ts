import { equal, sub, type Tensor, tidy, where } from "@tensorflow/tfjs-core";
import { clamp } from "../op/clamp.ts";
import { checkSignValues } from "./check-domain.ts";
import { type LossOptions, reduceLosses } from "../reduce-losses.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkOptions } from "../check-options.ts";
import { checkFinite } from "../check-values.ts";

/** Options of losses with a margin. */
export interface MarginLossOptions extends LossOptions {
  /** The least distance, or difference, that costs nothing. */
  readonly margin?: number;
}

/**
 * For distances `x` of pairs: pulls similar pairs together and pushes others apart up to a margin. `x` where the target is 1,
 * `max(0, margin − x)` where it is −1; PyTorch's `hinge_embedding_loss`. The margin is 1 by default.
 *
 * @param input `[…]` the distance of each pair
 * @param target `[…]` 1 or −1, of the shape of the input
 * @returns one number; `[…]` unreduced
 */
export function hingeEmbeddingLoss(input: Tensor, target: Tensor, options: MarginLossOptions = {}): Tensor {
  checkOptions("hingeEmbeddingLoss", options, ["margin", "reduction"]);
  const { margin = 1, reduction } = options;
  checkFinite("hingeEmbeddingLoss", { margin });
  checkSameShape("hingeEmbeddingLoss", { input, target });
  checkSignValues("hingeEmbeddingLoss", target);
  return tidy(() => {
    const losses = where(equal(target, 1), input, clamp(sub(margin, input), 0, Infinity));
    return reduceLosses("hingeEmbeddingLoss", losses, reduction);
  });
}
