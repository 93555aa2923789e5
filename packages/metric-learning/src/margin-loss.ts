import { checkFinite, maximum } from "@pellucid/core-train";
import {
  add,
  cast,
  div,
  expandDims,
  greater,
  mul,
  relu,
  sub,
  sum,
  type Tensor,
  tidy,
} from "@tensorflow/tfjs-core";
import { type Distance, euclidean } from "./distance.ts";
import { allTriplets, type TripletMiner } from "./miners.ts";
import { checkBatch } from "./pairs.ts";

/** Options for {@link marginLoss}. */
export interface MarginLossOptions {
  /** Default: 0.2. */
  readonly margin?: number;
  /** The distance that divides positives and negatives. Default: 1.2. */
  readonly beta?: number;
  /** Default: {@link euclidean} of normalized embeddings. */
  readonly distance?: Distance;
  /** Which triplets count. Default: {@link allTriplets}. */
  readonly miner?: TripletMiner;
}

/**
 * Positives within `β − margin` and negatives beyond `β + margin`: `max(0, d(a, p) − β + margin) + max(0, β − d(a, n) + margin)` of each triplet, by the number of terms above 0.
 *
 * Wu et al., 2017, eq. 5. https://arxiv.org/abs/1706.07567
 *
 * @param embeddings `[batch, feature]`
 * @param labels `[batch]` int32
 * @returns one number, 0 without triplets
 */
export function marginLoss(embeddings: Tensor, labels: Tensor, options: MarginLossOptions = {}): Tensor {
  const { margin = 0.2, beta = 1.2, distance = euclidean(), miner = allTriplets() } = options;
  checkFinite("marginLoss", { margin, beta });
  checkBatch("marginLoss", embeddings, labels);
  return tidy(() => {
    const distances = distance.matrix(embeddings, embeddings); //     [batch, batch]
    const triplets = miner(distances, labels, distance); //           [anchor, positive, negative]
    const sign = distance.isSimilarity ? -1 : 1;
    const far = mul(sign, sub(distances, beta)); //                   [batch, batch]
    const pull = expandDims(relu(add(far, margin)), 2); //            [anchor, positive, 1]
    const push = expandDims(relu(sub(margin, far)), 1); //            [anchor, 1, negative]
    const total = sum(mul(triplets, add(pull, push)));
    const terms = add(cast(greater(pull, 0), "float32"), cast(greater(push, 0), "float32"));
    return div(total, maximum(sum(mul(triplets, terms)), 1));
  });
}
