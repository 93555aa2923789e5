import { abs, checkSizes, cumsum, maximum } from "@pellucid/core-train";
import {
  add,
  cast,
  div,
  expandDims,
  greater,
  linspace,
  mul,
  onesLike,
  relu,
  reshape,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
  transpose,
  where,
} from "@tensorflow/tfjs-core";
import { euclidean } from "./distance.ts";
import { allPairs, checkBatch } from "./pairs.ts";
import { meanOfAll, type Reducer } from "./reducers.ts";

/** Options for {@link fastApLoss}. */
export interface FastApLossOptions {
  /** Bins of the histogram of squared distances. Default: 10. */
  readonly numBins?: number;
  /** Default: {@link meanOfAll}. */
  readonly reducer?: Reducer;
}

/**
 * One minus the average precision of each anchor's neighbors, from a histogram of squared distances with soft bins. Cakir et al., 2019. Deep metric learning to rank.
 *
 * @param embeddings `[batch, feature]`
 * @param labels `[batch]` int32
 * @returns one number, 0 without positive pairs
 */
export function fastApLoss(embeddings: Tensor, labels: Tensor, options: FastApLossOptions = {}): Tensor {
  const { numBins = 10, reducer = meanOfAll } = options;
  checkSizes("fastApLoss", { numBins });
  checkBatch("fastApLoss", embeddings, labels);
  const largest = 4; // the squared distance of opposite embeddings
  return tidy(() => {
    const { positive, negative } = allPairs(labels);
    const distances = euclidean({ power: 2 }).matrix(embeddings, embeddings); //           [batch, batch]
    const bins = reshape(linspace(0, largest, numBins + 1), [numBins + 1, 1, 1]); //       [bin, 1, 1]
    const away = div(abs(sub(expandDims(distances, 0), bins)), largest / numBins); //      [bin, batch, batch]
    const pulse = relu(sub(1, away));
    const histogram = (mask: Tensor2D) => transpose(sum(mul(pulse, mask), 2)) as Tensor2D; // [batch, bin]
    const positives = histogram(positive);
    const totalPositives = cumsum(positives, 1);
    const total = cumsum(add(positives, histogram(negative)) as Tensor2D, 1); //           [batch, bin]
    const product = mul(positives, totalPositives);
    const precision = sum(div(product, where(greater(total, 0), total, onesLike(total))), 1, true); //                [batch, 1]
    const count = sum(positive, 1, true); //                                               [batch, 1]
    const losses = sub(1, div(precision, maximum(count, 1)));
    return reducer(losses, cast(greater(count, 0), "float32"));
  });
}
