import { mul, sum, type Tensor } from "@tensorflow/tfjs-core";
import { checkShape } from "../shape-error.ts";
import { meanOver } from "../mean-over.ts";
import { type LossOptions, reduceLosses } from "../reduce-losses.ts";

/** Options of elementwise losses. */
export interface WeightedLossOptions extends LossOptions {
  /** How much each number counts, `[…]`. The mean is then the weighted one. Default: all 1. */
  readonly weight?: Tensor;
}

/** Weights and reduces the losses `[…]` of single numbers. */
export function weightedLosses(caller: string, losses: Tensor, options: WeightedLossOptions): Tensor {
  const { weight, reduction } = options;
  if (weight === undefined) return reduceLosses(caller, losses, reduction);
  checkShape(caller, "weight", weight, losses.shape);
  const loss = reduceLosses(caller, mul(losses, weight), reduction, weight);
  return reduction === undefined || reduction === "mean" ? meanOver(loss, () => sum(weight)) : loss;
}
