import { checkArguments, checkShape, crossEntropy } from "@pellucid/core-train";
import {
  reshape,
  type Scalar,
  stack,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";

/**
 * The cross-entropy of the spikes of each time step with the labels, its mean over time steps: asks the right class to spike at each, and the others not to. As snntorch's `ce_rate_loss`.
 *
 * @param spikes `[batch, time, class]`
 * @param labels int32 `[batch]`
 */
export function ceRateLoss(spikes: Tensor, labels: Tensor1D): Scalar {
  checkArguments("ceRateLoss", { tensor: { spikes, labels } });
  checkShape("ceRateLoss", "spikes", spikes, [labels.shape[0], "time", "class"]);
  return tidy(() => {
    const [batch = 0, time = 0, classes = 0] = spikes.shape;
    const repeated = reshape(stack(new Array<Tensor1D>(time).fill(labels), 1), [batch * time]);
    return crossEntropy(reshape(spikes, [batch * time, classes]) as Tensor2D, repeated as Tensor1D) as Scalar;
  });
}
