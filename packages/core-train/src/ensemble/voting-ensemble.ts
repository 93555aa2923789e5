import { addN, argMax, cast, mul, oneHot, type Tensor, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
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
  // A cast, because tfjs' kernel for WASM gives the bits of an integer where it is asked for a float.
  const vote = (output: Tensor2D) => cast(oneHot(argMax(output, 1), output.shape[1]), "float32"); // [batch, class]
  return {
    forward: (x) =>
      tidy(() => addN<Tensor2D>(models.map((model, i) => mul(vote(model.forward(x)), parts[i] as number)))),
  };
}
