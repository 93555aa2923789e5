import {
  add,
  div,
  equal,
  mul,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tidy,
  where,
} from "@tensorflow/tfjs-core";
import { clamp } from "../op/clamp.ts";
import { checkShape } from "../shape-error.ts";
import { checkSignValues } from "./check-domain.ts";
import type { MarginLossOptions } from "./hinge-embedding-loss.ts";
import { reduceLosses } from "../reduce-losses.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkTensor } from "../check-tensor.ts";
import { checkOptions } from "../check-options.ts";
import { checkFinite } from "../check-values.ts";

/**
 * Turns similar vectors to the same side and others away, PyTorch's `cosine_embedding_loss`: `1 − cos` where the target is 1,
 * `max(0, cos − margin)` where it is −1. The margin is 0 by default.
 *
 * @param input1 `[batch, feature]`, or `[feature]`
 * @param input2 of the same shape
 * @param target `[batch]` 1 or −1, or one
 * @returns one number; `[batch]` unreduced
 */
export function cosineEmbeddingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  options: MarginLossOptions = {},
): Tensor {
  checkOptions("cosineEmbeddingLoss", options, ["margin", "reduction"]);
  const { margin = 0, reduction } = options;
  checkFinite("cosineEmbeddingLoss", { margin });
  checkTensor("cosineEmbeddingLoss", "input1", input1);
  checkShape("cosineEmbeddingLoss", "input1", input1, input1.rank === 1 ? ["feature"] : ["batch", "feature"]);
  checkSameShape("cosineEmbeddingLoss", { input1, input2 });
  checkShape("cosineEmbeddingLoss", "target", target, input1.shape.slice(0, -1));
  checkSignValues("cosineEmbeddingLoss", target);
  return tidy(() => {
    const lengths = sqrt(mul(squaredLength(input1), squaredLength(input2))); //        [batch]
    const cosine = div(sum(mul(input1, input2), -1), lengths); //                      [batch]
    const apart = clamp(sub(cosine, margin), 0, Infinity); //                          [batch]
    const losses = where(equal(target, 1), sub(1, cosine), apart); //                  [batch]
    return reduceLosses("cosineEmbeddingLoss", losses, reduction);
  });
}

function squaredLength(x: Tensor): Tensor {
  return add(sum(square(x), -1), 1e-12); // so that the zero vector has a cosine: 0
}
