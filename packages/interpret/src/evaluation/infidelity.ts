import { checkArguments, checkOptions, checkRng, sizeAlong } from "@pellucid/core-train";
import type { Rng } from "@pellucid/core-train";
import {
  add,
  div,
  mul,
  reshape,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  type Tensor1D,
  zeros,
} from "@tensorflow/tfjs-core";
import { apart, copies } from "../run/copies.ts";
import { foldBatches } from "../run/fold-batches.ts";
import { checkCount } from "../run/check-count.ts";
import type { RunOptions } from "../run/run-options.ts";
import { scoresOf } from "../run/scores-of.ts";
import type { Score } from "../score/score.ts";
import type { ExplainedInput } from "./explained-input.ts";

/** Options for {@link infidelity}. */
export interface InfidelityOptions extends RunOptions {
  readonly rng: Rng;
  /** Number of perturbations. Default: 64. */
  readonly samples?: number;
  /** Their standard deviation. Default: 0.1. */
  readonly noise?: number;
}

/**
 * How badly an attribution predicts the effect of a perturbation: `E[(Iᵀ map − (score(x) − score(x − I)))²]`, `I ~ N(0, noise²)`. For maps in
 * units of the score per unit of input, such as {@link saliency}.
 *
 * Yeh et al., 2019, definition 2.1. https://arxiv.org/abs/1901.09392
 *
 * @returns `[batch]`
 */
export async function infidelity<X extends Tensor>(
  score: Score<X>,
  explainedInput: ExplainedInput<X>,
  options: InfidelityOptions,
): Promise<Tensor1D> {
  checkArguments("infidelity", { function: { score }, "{ map, x }": { explainedInput } });
  checkRng("infidelity", options);
  checkOptions("infidelity", options, ["rng", "samples", "noise", "batchSize", "signal", "onProgress"]);
  const { map, x } = explainedInput;
  const { rng, samples = 64, noise = 0.1 } = options;
  checkCount("infidelity", "samples", samples);
  const batch = sizeAlong(x, 0);
  const [total] = await foldBatches(
    { total: samples, rows: batch },
    options,
    (): [Tensor1D] => [zeros([batch])],
    ([so], from, to): [Tensor1D] => {
      const many = copies(x, to - from);
      const drawn = mul<X>(tensor(rng.randn(many.shape).data, many.shape) as X, noise);
      const predicted = sum(reshape(mul(apart(drawn, batch), map), [to - from, batch, -1]), 2); // [sample, batch]
      const fall = sub(scoresOf("infidelity", score, x), apart(score(sub<X>(many, drawn)), batch)); // [sample, batch]
      return [add<Tensor1D>(so, div(sum(square(sub(predicted, fall)), 0), samples))];
    },
  );
  return total;
}
