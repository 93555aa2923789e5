import { mul, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { clamp } from "../op/clamp.ts";
import { checkSignValues } from "./check-domain.ts";
import type { MarginLossOptions } from "./hinge-embedding-loss.ts";
import { reduceLosses } from "../reduce-losses.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkOptions } from "../check-options.ts";
import { checkFinite } from "../check-values.ts";

/**
 * The first of two numbers should be the larger where the target is 1, the second where it is −1, PyTorch's
 * `margin_ranking_loss`: `max(0, −y (x₁ − x₂) + margin)`. The margin is 0 by default.
 *
 * @param input1 `[…]`
 * @param input2 `[…]`, of the same shape
 * @param target `[…]` 1 or −1, of the same shape
 * @returns one number; `[…]` unreduced
 */
export function marginRankingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  options: MarginLossOptions = {},
): Tensor {
  checkOptions("marginRankingLoss", options, ["margin", "reduction"]);
  const { margin = 0, reduction } = options;
  checkFinite("marginRankingLoss", { margin });
  checkSameShape("marginRankingLoss", { input1, input2 });
  checkSameShape("marginRankingLoss", { input1, target });
  checkSignValues("marginRankingLoss", target);
  return tidy(() => {
    const losses = clamp(sub(margin, mul(target, sub(input1, input2))), 0, Infinity);
    return reduceLosses("marginRankingLoss", losses, reduction);
  });
}
