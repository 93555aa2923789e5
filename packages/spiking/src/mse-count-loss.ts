import { checkOptions, checkProbabilities, mseLoss, oneHot } from "@pellucid/core-train";
import {
  add,
  div,
  mul,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { type PopulationOptions, spikeCounts } from "./spike-counts.ts";

/** Options for {@link mseCountLoss}. */
export interface MseCountLossOptions extends PopulationOptions {
  /** The share of time steps at which the right class is to spike. Default: 1. */
  readonly correctRate?: number;
  /** The share of time steps at which the others are to spike. Default: 0. */
  readonly incorrectRate?: number;
}

/**
 * The mean squared difference of the numbers of spikes from those that the rates ask for, divided by the number of time steps; as snntorch's `mse_count_loss`, whose code also rounds
 * these numbers down.
 *
 * @param spikes `[batch, time, neuron]`
 * @param labels int32 `[batch]`
 */
export function mseCountLoss(spikes: Tensor, labels: Tensor1D, options: MseCountLossOptions = {}): Scalar {
  checkOptions("mseCountLoss", options, ["numClasses", "correctRate", "incorrectRate"]);
  const { correctRate = 1, incorrectRate = 0, ...population } = options;
  checkProbabilities("mseCountLoss", { correctRate, incorrectRate });
  return tidy(() => {
    const counts = spikeCounts("mseCountLoss", spikes, population);
    const [, time = 0, neurons = 0] = spikes.shape;
    const classes = counts.shape[1];
    const of = (share: number) => time * share * (neurons / classes);
    const [on, off] = [of(correctRate), of(incorrectRate)];
    const target = add(off, mul(on - off, oneHot(labels, classes))) as Tensor2D;
    return div(mseLoss(counts, target), time) as Scalar;
  });
}
