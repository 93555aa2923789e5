import type { Tensor } from "@tensorflow/tfjs-core";
import { measureOnce } from "./measure-once.ts";
import { OneVersusRest, type Ranked, thresholds } from "./one-versus-rest.ts";

/** The area under the ROC curve over batches. */
export class RocAuc extends OneVersusRest {
  constructor() {
    super("RocAuc", area);
  }
}

/** By trapezoids between the thresholds, so that half of each tie counts. */
function area(ranked: Ranked[]): number {
  let sum = 0;
  let last = { positives: 0, negatives: 0 };
  for (const found of thresholds(ranked)) {
    sum += ((found.negatives - last.negatives) * (found.positives + last.positives)) / 2;
    last = found;
  }
  return sum / (last.positives * last.negatives);
}

/**
 * The area under the curve of true over false positive rates, scikit-learn's `roc_auc_score`: the probability that an example of a class
 * has a higher score than one of another. For several classes it is the mean over each class versus the rest; NaN if one of them is
 * missing or alone.
 *
 * @param prediction scores `[batch]` of class 1, or `[batch, class]`
 * @param target `[batch]` labels
 */
export function rocAuc(prediction: Tensor, target: Tensor): Promise<number> {
  return measureOnce(new RocAuc(), prediction, target);
}
