import { addN, mul, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { softmax } from "../op/softmax.ts";
import { shares } from "./shares.ts";

/** Options for {@link averageEnsemble}. */
export interface AverageEnsembleOptions<Out extends Tensor = Tensor> {
  /**
   * What to average, from a model's output. Default: {@link softmax}, the probabilities; for a regression, `(output) => output`.
   */
  readonly of?: (output: Out) => Tensor;
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
  options: AverageEnsembleOptions<Out> = {},
): Layer<In, Out> {
  const { of = softmax<Out> } = options;
  const parts = shares("averageEnsemble", models, options.weights);
  return {
    forward: (x) =>
      tidy(() => addN(models.map((model, i) => mul(of(model.forward(x)), parts[i] ?? 0))) as Out),
  };
}
