import { cumsum } from "@pellucid/core-train";
import {
  cast,
  equal,
  greater,
  logicalAnd,
  mul,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import { type Distance, cosine } from "./distance.ts";
import { maskedLogSumExp } from "./masked-log-sum-exp.ts";
import { allPairs, checkBatch } from "./pairs.ts";
import { meanOfAll, type Reducer } from "./reducers.ts";

/** Options for {@link nPairsLoss}. */
export interface NPairsLossOptions {
  /** Default: {@link cosine}, as pytorch-metric-learning normalizes; the paper has {@link dotProduct}. */
  readonly distance?: Distance;
  /** Default: {@link meanOfAll}. */
  readonly reducer?: Reducer;
}

/**
 * The first two examples of each class form a pair, and each anchor should find its own among the positives of all classes: the cross-entropy of their similarities. Sohn, 2016, eq. 7. Improved deep metric learning with multi-class n-pair loss objective.
 *
 * @param embeddings `[batch, feature]`
 * @param labels `[batch]` int32
 * @returns one number, 0 where no class has two examples
 */
export function nPairsLoss(embeddings: Tensor, labels: Tensor, options: NPairsLossOptions = {}): Tensor {
  const { distance = cosine(), reducer = meanOfAll } = options;
  checkBatch("nPairsLoss", embeddings, labels);
  return tidy(() => {
    const matrix = distance.matrix(embeddings, embeddings);
    const scores = distance.isSimilarity ? matrix : sub(0, matrix); //               [batch, batch]
    const { positive } = allPairs(labels);
    const earlier = mul(positive, lowerTriangle(positive)); //                       [batch, batch]
    const rank = sum(earlier, 1, true); // how many of its class come before         [batch, 1]
    const isAnchor = logicalAnd(equal(rank, 0), greater(sum(positive, 1, true), 0)); // [batch, 1]
    const isPositive = transpose(cast(equal(rank, 1), "float32")); //                [1, batch]
    const columns = mul(positive, 0); // of the shape of the scores
    const candidates = sub(isPositive, columns); //                                  [batch, batch]
    const right = sum(mul(mul(positive, isPositive), scores), 1, true); //           [batch, 1]
    const losses = sub(maskedLogSumExp(scores, candidates), right); //               [batch, 1]
    return reducer(losses, cast(isAnchor, "float32"));
  });
}

/** 1 where the column is before the row. */
function lowerTriangle(like: Tensor2D): Tensor {
  const order = cumsum(sub(1, mul(like, 0)), 1); // 1, 2, … in each row
  return cast(greater(transpose(order as Tensor2D), order), "float32");
}
