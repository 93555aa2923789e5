import { checkOptions, crossEntropy } from "@pellucid/core-train";
import { type Scalar, type Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import { type PopulationOptions, spikeCounts } from "./spike-counts.ts";

/**
 * The cross-entropy of the numbers of spikes with the labels, as snntorch's `ce_count_loss`.
 *
 * @param spikes `[batch, time, neuron]`
 * @param labels int32 `[batch]`
 */
export function ceCountLoss(spikes: Tensor, labels: Tensor1D, options: PopulationOptions = {}): Scalar {
  checkOptions("ceCountLoss", options, ["numClasses"]);
  return tidy(() => crossEntropy(spikeCounts("ceCountLoss", spikes, options), labels) as Scalar);
}
