import { accuracy, checkOptions } from "@pellucid/core-train";
import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";
import { type PopulationOptions, spikeCounts } from "./spike-counts.ts";

/**
 * The share of examples whose class has the most spikes, as snntorch's `accuracy_rate`; of classes that tie, the first counts.
 *
 * @param spikes `[batch, time, neuron]`
 * @param labels int32 `[batch]`
 */
export async function accuracyRate(
  spikes: Tensor,
  labels: Tensor1D,
  options: PopulationOptions = {},
): Promise<number> {
  checkOptions("accuracyRate", options, ["numClasses"]);
  const counts = spikeCounts("accuracyRate", spikes, options);
  try {
    return await accuracy(counts, labels);
  } finally {
    counts.dispose();
  }
}
