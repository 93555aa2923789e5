import type { Tensor } from "@tensorflow/tfjs-core";
import { classScore, type ClassScoreOptions, type ClassScoresOptions } from "./class-score.ts";
import { FBetaScore } from "./f-beta-score.ts";
import { checkOptions } from "../check-options.ts";

/** The F₁-score over batches. */
export class F1Score extends FBetaScore {
  constructor(options: ClassScoreOptions = {}) {
    checkOptions("F1Score", options, ["average", "zeroDivision", "threshold", "ignoreIndex"]);
    super(1, options);
  }
}

/**
 * The harmonic mean of precision and recall, scikit-learn's `f1_score`. Classes are as in {@link accuracy}. The average is over
 * all classes by default; scikit-learn's is of class 1 alone.
 *
 * @returns one number; with `average: "none"` one per class
 */
export function f1Score(prediction: Tensor, target: Tensor, options: ClassScoresOptions): Promise<number[]>;
export function f1Score(prediction: Tensor, target: Tensor, options?: ClassScoreOptions): Promise<number>;
export function f1Score(
  prediction: Tensor,
  target: Tensor,
  options: ClassScoreOptions | ClassScoresOptions = {},
): Promise<number | number[]> {
  return classScore((settings) => new F1Score(settings), prediction, target, options);
}
