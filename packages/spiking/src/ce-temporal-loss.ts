import { checkChoice, checkOptions, crossEntropy } from "@pellucid/core-train";
import { add, neg, reciprocal, type Scalar, type Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import { firstSpikeTimes } from "./first-spike-times.ts";

/** Options for {@link ceTemporalLoss}. */
export interface CeTemporalLossOptions {
  /** How an early time becomes a high logit: `−t`, or `1 / (t + 1)`. Default: `"negate"`. */
  readonly inverse?: "negate" | "reciprocal";
}

/**
 * The cross-entropy of how early each class spikes first with the labels, as snntorch's `ce_temporal_loss`; see {@link firstSpikeTimes}.
 *
 * @param spikes `[batch, time, class]`
 * @param labels int32 `[batch]`
 */
export function ceTemporalLoss(
  spikes: Tensor,
  labels: Tensor1D,
  options: CeTemporalLossOptions = {},
): Scalar {
  checkOptions("ceTemporalLoss", options, ["inverse"]);
  const { inverse = "negate" } = options;
  checkChoice("ceTemporalLoss", "inverse", inverse, ["negate", "reciprocal"]);
  return tidy(() => {
    const times = firstSpikeTimes(spikes);
    return crossEntropy(inverse === "negate" ? neg(times) : reciprocal(add(times, 1)), labels) as Scalar;
  });
}
