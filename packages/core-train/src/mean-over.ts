import type { Tensor } from "@tensorflow/tfjs-core";
import { checkTensor } from "./check-tensor.ts";

/** How many targets a mean is over, or the sum of their weights. A function is called only when the number is needed. */
export type MeanCount = number | (() => Tensor);

const counts = new WeakMap<Tensor, MeanCount>();

/**
 * Says how many targets `loss` is the mean of. {@link fit} and {@link evaluate} weight the means of batches by it, so that the mean over
 * all data does not depend on the batch size.
 *
 * The losses of this package do it themselves. A loss that is computed from them counts by the examples of its batch, unless it says so
 * too:
 *
 * ```ts
 * const counted = (y: Tensor) => sum(cast(notEqual(y, -100), "float32"));
 * const loss = (output: Tensor, y: Tensor) => meanOver(mul(crossEntropy(output, y), 0.5), () => counted(y));
 * ```
 *
 * @returns `loss`
 */
export function meanOver<Loss extends Tensor>(loss: Loss, count: MeanCount): Loss {
  checkTensor("meanOver", "the loss", loss);
  counts.set(loss, count);
  return loss;
}

/** What a loss is the mean of, as {@link meanOver} has recorded it. */
export function countOf(loss: Tensor): MeanCount | undefined {
  return counts.get(loss);
}
