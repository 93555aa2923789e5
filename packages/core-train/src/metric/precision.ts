import type { Tensor } from "@tensorflow/tfjs-core";
import { ClassScore, classScore, type ClassScoreOptions, type ClassScoresOptions } from "./class-score.ts";

/** The precision over batches. */
export class Precision extends ClassScore {
  constructor(options: ClassScoreOptions = {}) {
    super("Precision", ({ hits, predicted }) => [hits, predicted], options);
  }
}

/**
 * The share of the examples predicted as a class that belong to it, scikit-learn's `precision_score`. Classes are as in {@link accuracy}.
 * The average is over all classes by default; scikit-learn's is of class 1 alone.
 *
 * @returns one number; with `average: "none"` one per class
 */
export function precision(prediction: Tensor, target: Tensor, options: ClassScoresOptions): Promise<number[]>;
export function precision(prediction: Tensor, target: Tensor, options?: ClassScoreOptions): Promise<number>;
export function precision(
  prediction: Tensor,
  target: Tensor,
  options: ClassScoreOptions | ClassScoresOptions = {},
): Promise<number | number[]> {
  return classScore((settings) => new Precision(settings), prediction, target, options);
}
