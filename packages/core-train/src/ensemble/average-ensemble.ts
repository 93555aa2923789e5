import { addN, mul, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { softmax } from "../op/softmax.ts";
import { shares } from "./shares.ts";

export interface AverageEnsembleOptions {
  /**
   * What to average: `probabilities`, the softmax of the outputs over the last axis; or the `outputs` themselves: logits, or the values of a
   * regression. Default: `probabilities`.
   */
  readonly of?: "probabilities" | "outputs";
  /** The weight of each model. Default: equal weights. */
  readonly weights?: readonly number[];
}

/**
 * The mean of the outputs of several models: scikit-learn's soft voting.
 *
 * @param models all from the same kind of input to `[…, class]`
 * @returns of the shape of one model's output
 */
export function averageEnsemble<In, Out extends Tensor>(
  models: readonly Layer<In, Out>[],
  options: AverageEnsembleOptions = {},
): Layer<In, Out> {
  const { of = "probabilities" } = options;
  const parts = shares("averageEnsemble", models, options.weights);
  const opinion = (output: Out) => (of === "outputs" ? output : softmax(output));
  return {
    forward: (x) =>
      tidy(() => addN(models.map((model, i) => mul(opinion(model.forward(x)), parts[i] as number))) as Out),
  };
}
