import {
  checkFinite,
  checkNotNegative,
  checkOptions,
  checkShape,
  minimum,
  softplus,
} from "@pellucid/core-train";
import { add, expandDims, relu, sub, type Tensor, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { type Distance, euclidean } from "./distance.ts";
import { allTriplets, type TripletMiner } from "./miners.ts";
import { checkBatch } from "./pairs.ts";
import { meanNonZero, type Reducer } from "./reducers.ts";

/** Options for {@link batchTripletLoss}. */
export interface BatchTripletLossOptions {
  /** By how much negatives should be farther than positives. Default: 0.05, pytorch-metric-learning's; FaceNet's is 0.2. */
  readonly margin?: number;
  /** Default: {@link euclidean} of normalized embeddings; FaceNet's is `euclidean({ power: 2 })`. */
  readonly distance?: Distance;
  /** Which triplets count. Default: {@link allTriplets}. */
  readonly miner?: TripletMiner;
  /** Whether the negative is to keep away from the positive, where that is the nearer to it. Default: false. */
  readonly swap?: boolean;
  /** Whether the hinge is replaced by softplus. Default: false. */
  readonly smooth?: boolean;
  /** Default: {@link meanNonZero}; `torch.nn.TripletMarginLoss` has {@link meanOfAll}. */
  readonly reducer?: Reducer;
}

/**
 * In every triplet that labels make, the anchor should be nearer to its positive than to its negative by a margin: `max(0, d(a, p) − d(a, n) + margin)`.
 *
 * Schroff et al., 2015, eqs. 1–3, with squared distances. https://arxiv.org/abs/1503.03832 Hermans et al., 2017, for batches. https://arxiv.org/abs/1703.07737
 *
 * @param embeddings `[batch, feature]`
 * @param labels `[batch]` int32
 * @returns one number, 0 without triplets
 */
export function batchTripletLoss(
  embeddings: Tensor,
  labels: Tensor,
  options: BatchTripletLossOptions = {},
): Tensor {
  checkOptions("batchTripletLoss", options, ["margin", "distance", "miner", "swap", "smooth", "reducer"]);
  const { margin = 0.05, distance = euclidean(), miner = allTriplets() } = options;
  const { swap = false, smooth = false, reducer = meanNonZero } = options;
  checkFinite("batchTripletLoss", { margin });
  checkNotNegative("batchTripletLoss", { margin });
  checkBatch("batchTripletLoss", embeddings, labels);
  return tidy(() => {
    const distances = distance.matrix(embeddings, embeddings); //    [batch, batch]
    const triplets = miner(distances, labels, distance); //          [anchor, positive, negative]
    checkShape(
      "batchTripletLoss",
      "what the miner gives",
      triplets,
      [...distances.shape, distances.shape[0]],
      "Pass a miner of triplets, such as batchHard().",
    );
    const toPositive = expandDims(distances, 2); //                  [anchor, positive, 1]
    let toNegative: Tensor = expandDims(distances, 1); //            [anchor, 1, negative]
    if (swap) {
      const between = expandDims(distances, 0); //                   [1, positive, negative]
      toNegative = distance.isSimilarity ? farther(toNegative, between) : minimum(toNegative, between);
    }
    const violation = distance.isSimilarity ? sub(toNegative, toPositive) : sub(toPositive, toNegative);
    const losses = add<Tensor3D>(violation, margin); //              [anchor, positive, negative]
    return reducer(smooth ? softplus(losses) : relu(losses), triplets);
  });
}

/** The larger similarity. */
const farther = (a: Tensor, b: Tensor): Tensor => sub(0, minimum(sub(0, a), sub(0, b)));
