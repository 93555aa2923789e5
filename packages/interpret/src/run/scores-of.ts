import { checkShape, type Structured } from "@pellucid/core-train";
import { Tensor, type Tensor1D } from "@tensorflow/tfjs-core";
import type { Score } from "../score/score.ts";

/**
 * The scores of a batch.
 *
 * @param examples how many there are. Default: as many as a tensor has along its first axis.
 * @throws ShapeError unless the score is one number for each example
 */
export function scoresOf<X extends Structured<X>>(
  caller: string,
  score: Score<X>,
  x: X,
  examples = x instanceof Tensor ? (x.shape[0] ?? 1) : 1,
): Tensor1D {
  const scores = score(x);
  checkShape(caller, "the score", scores, [examples], "A score is one number for each example.");
  return scores;
}
