import type { Tensor } from "@tensorflow/tfjs-core";
import { ClassScore, classScore, type ClassScoreOptions, type ClassScoresOptions } from "./class-score.ts";

/** The recall over batches. */
export class Recall extends ClassScore {
  constructor(options: ClassScoreOptions = {}) {
    super("Recall", ({ hits, actual }) => [hits, actual], options);
  }
}

/**
 * The share of the examples of a class that are predicted as it, scikit-learn's `recall_score`. Classes are as in {@link accuracy}. The average is over all
 * classes by default; scikit-learn's is of class 1 alone.
 *
 * @returns one number; with `average: "none"` one per class
 */
export function recall(prediction: Tensor, target: Tensor, options: ClassScoresOptions): Promise<number[]>;
export function recall(prediction: Tensor, target: Tensor, options?: ClassScoreOptions): Promise<number>;
export function recall(
  prediction: Tensor,
  target: Tensor,
  options: ClassScoreOptions | ClassScoresOptions = {},
): Promise<number | number[]> {
  return classScore((settings) => new Recall(settings), prediction, target, options);
}
