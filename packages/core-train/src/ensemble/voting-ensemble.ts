import { addN, argMax, mul, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { oneHot } from "../op/one-hot.ts";
import { shares } from "./shares.ts";

export interface VotingEnsembleOptions {
  /** The weight of each vote. Default: equal weights. */
  readonly weights?: readonly number[];
}

/**
 * Models that vote, each for its most likely class: scikit-learn's hard voting.
 *
 * @param models all from the same kind of input to `[batch, class]`
 * @returns the share of the votes for each class, `[batch, class]`; among a model's equal scores the first class gets its vote, as there
 */
export function votingEnsemble<In>(
  models: readonly Layer<In, Tensor2D>[],
  options: VotingEnsembleOptions = {},
): Layer<In, Tensor2D> {
  const parts = shares("votingEnsemble", models, options.weights);
  const vote = (output: Tensor2D) => oneHot<Tensor2D>(argMax(output, 1), output.shape[1]); // [batch, class]
  return {
    forward: (x) =>
      tidy(() => addN<Tensor2D>(models.map((model, i) => mul(vote(model.forward(x)), parts[i] ?? 0)))),
  };
}
