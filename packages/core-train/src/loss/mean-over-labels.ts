import { reshape, sum, type Tensor, type Tensor1D } from "@tensorflow/tfjs-core";
import { meanOver } from "../mean-over.ts";
import type { LossOptions } from "../reduce-losses.ts";
import { weightsOfLabels } from "./weights-of-labels.ts";

interface LabelLossOptions extends LossOptions {
  readonly weight?: Tensor1D;
  readonly ignoreIndex?: number;
}

/** Says of a mean over labels that ignored ones do not count, and the others by the weights of their classes. */
export function meanOverLabels(loss: Tensor, target: Tensor, options: LabelLossOptions): Tensor {
  const { weight, ignoreIndex = -100, reduction = "mean" } = options;
  if (reduction !== "mean") return loss;
  return meanOver(loss, () => {
    const label: Tensor1D = reshape(target, [target.size]); // [row]
    return sum(weightsOfLabels(label, ignoreIndex, weight));
  });
}
