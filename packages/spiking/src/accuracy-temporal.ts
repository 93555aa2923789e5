import { accuracy } from "@pellucid/core-train";
import { neg, type Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import { firstSpikeTimes } from "./first-spike-times.ts";

/**
 * The share of examples whose class spikes first, as snntorch's `accuracy_temporal`; of classes that tie, the first counts.
 *
 * @param spikes `[batch, time, class]`
 * @param labels int32 `[batch]`
 */
export async function accuracyTemporal(spikes: Tensor, labels: Tensor1D): Promise<number> {
  const early = tidy(() => neg(firstSpikeTimes(spikes)));
  try {
    return await accuracy(early, labels);
  } finally {
    early.dispose();
  }
}
