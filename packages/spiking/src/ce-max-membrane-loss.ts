import { amax, checkArguments, checkShape, crossEntropy } from "@pellucid/core-train";
import type { Scalar, Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { tidy } from "@tensorflow/tfjs-core";

/**
 * The cross-entropy of the highest membranes over time with the labels, as snntorch's `ce_max_membrane_loss`; of time steps that tie, the gradient is shared.
 *
 * @param membranes `[batch, time, class]`
 * @param labels int32 `[batch]`
 */
export function ceMaxMembraneLoss(membranes: Tensor, labels: Tensor1D): Scalar {
  checkArguments("ceMaxMembraneLoss", { tensor: { membranes, labels } });
  checkShape("ceMaxMembraneLoss", "membranes", membranes, [labels.shape[0], "time", "class"]);
  return tidy(() => crossEntropy(amax(membranes, 1) as Tensor2D, labels) as Scalar);
}
