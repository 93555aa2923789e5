import type { Tensor } from "@tensorflow/tfjs-core";
import { MeanSquaredError } from "./mean-squared-error.ts";
import { measureOnce } from "./measure-once.ts";

/** The root of the mean squared error over batches; NaN before the first. */
export class RootMeanSquaredError extends MeanSquaredError {
  override compute(): number {
    return Math.sqrt(super.compute());
  }
}

/** The root of the mean of `(x − y)²` over all numbers; scikit-learn averages the roots of several outputs. Both `[…]`. */
export function rootMeanSquaredError(prediction: Tensor, target: Tensor): Promise<number> {
  return measureOnce(new RootMeanSquaredError(), prediction, target);
}
