import type { Tensor } from "@tensorflow/tfjs-core";
import { measureOnce } from "./measure-once.ts";
import { OneVersusRest, type Ranked, thresholds } from "./one-versus-rest.ts";

/** The average precision over batches. */
export class AveragePrecision extends OneVersusRest {
  constructor() {
    super("AveragePrecision", average);
  }
}

function average(ranked: Ranked[]): number {
  if (ranked.length === 0) return NaN;
  const all = ranked.filter(({ isPositive }) => isPositive).length;
  let sum = 0;
  let before = 0;
  for (const { positives, negatives } of thresholds(ranked)) {
    sum += ((positives - before) * positives) / (positives + negatives);
    before = positives;
  }
  return all === 0 ? 0 : sum / all;
}

/**
 * The precision at each threshold, weighted by the increase of recall, scikit-learn's `average_precision_score`: the area under
 * the precision-recall curve, as a step function. For several classes it is the mean over each class versus the rest; 0 for a class
 * without examples.
 *
 * @param prediction scores `[batch]` of class 1, or `[batch, class]`
 * @param target `[batch]` labels
 */
export function averagePrecision(prediction: Tensor, target: Tensor): Promise<number> {
  return measureOnce(new AveragePrecision(), prediction, target);
}
