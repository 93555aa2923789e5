import { addN, argMax, mul, type Tensor, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { oneHot } from "../op/one-hot.ts";
import { shares } from "./shares.ts";

export interface VotingEnsembleOptions {
  /** How much each vote counts. Default: all the same. */
  readonly weights?: readonly number[];
}

/**
 * Models that vote: each for the class it holds for the most likely. scikit-learn's hard voting.
 *
 * @param models each from the same input to `[batch, class]`
 * @returns the share of the votes that each class got, `[batch, class]`; of classes with as many the first wins, as there
 */
export function votingEnsemble<In extends Tensor>(
  models: readonly Layer<In, Tensor2D>[],
  options: VotingEnsembleOptions = {},
): Layer<In, Tensor2D> {
  const parts = shares("votingEnsemble", models, options.weights);
  const vote = (output: Tensor2D) => oneHot<Tensor2D>(argMax(output, 1), output.shape[1]); // [batch, class]
  return {
    forward: (x) =>
      tidy(() => addN<Tensor2D>(models.map((model, i) => mul(vote(model.forward(x)), parts[i] as number)))),
  };
}
