import { addN, mul, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { softmax } from "../op/softmax.ts";
import { shares } from "./shares.ts";

export interface AverageEnsembleOptions {
  /**
   * What is averaged: the `probabilities` that the softmax of the last axis makes of the outputs, or the `outputs` as they
   * are: logits, or the values of a regression. Default: `probabilities`.
   */
  readonly of?: "probabilities" | "outputs";
  /** How much each model counts. Default: all the same. */
  readonly weights?: readonly number[];
}

/**
 * Models that answer together: the mean of what they say. scikit-learn's soft voting.
 *
 * @param models each from the same input to `[…, class]`
 * @returns of the shape of one model's output
 */
export function averageEnsemble<In extends Tensor, Out extends Tensor>(
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
