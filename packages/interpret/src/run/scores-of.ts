import { checkShape } from "@pellucid/core-train";
import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";
import type { Score } from "../score/score.ts";

/**
 * The scores of a batch.
 *
 * @throws ShapeError unless the score is one number for each example
 */
export function scoresOf<X extends Tensor>(caller: string, score: Score<X>, x: X): Tensor1D {
  const scores = score(x);
  checkShape(caller, "the score", scores, [x.shape[0] ?? 1], "A score is one number for each example.");
  return scores;
}
