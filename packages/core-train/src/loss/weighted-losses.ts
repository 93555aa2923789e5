import { mul, sum, type Tensor } from "@tensorflow/tfjs-core";
import { meanOver } from "../mean-over.ts";
import { type LossOptions, reduceLosses } from "../reduce-losses.ts";
import { checkSameShape } from "../check-same-shape.ts";

/** Options of elementwise losses. */
export interface WeightedLossOptions extends LossOptions {
  /** How much each number counts, `[…]`. The mean is then the weighted one. Default: all 1. */
  readonly weight?: Tensor;
}

/** Weights and reduces the losses `[…]` of single numbers. */
export function weightedLosses(caller: string, losses: Tensor, options: WeightedLossOptions): Tensor {
  const { weight, reduction } = options;
  if (weight === undefined) return reduceLosses(caller, losses, reduction);
  checkSameShape(caller, { losses, weight });
  const loss = reduceLosses(caller, mul(losses, weight), reduction, weight);
  return reduction === undefined || reduction === "mean" ? meanOver(loss, () => sum(weight)) : loss;
}
