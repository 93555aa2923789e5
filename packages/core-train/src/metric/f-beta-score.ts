import type { Tensor } from "@tensorflow/tfjs-core";
import { OptionError } from "../option-error.ts";
import { ClassScore, classScore, type ClassScoreOptions, type ClassScoresOptions } from "./class-score.ts";

/** The F-score over batches. */
export class FBetaScore extends ClassScore {
  readonly beta: number;

  constructor(beta: number, options: ClassScoreOptions = {}) {
    if (!(beta >= 0)) throw new OptionError("FBetaScore", "beta", beta, "0 or more");
    const square = beta ** 2;
    super(
      "FBetaScore",
      ({ hits, predicted, actual }) => [(1 + square) * hits, square * actual + predicted],
      options,
    );
    this.beta = beta;
  }
}

/**
 * The harmonic mean of precision and recall, in which recall counts `beta` times as much, scikit-learn's `fbeta_score`. Classes
 * are as in {@link accuracy}. The average is over all classes by default; scikit-learn's is of class 1 alone.
 *
 * @returns one number; with `average: "none"` one per class
 */
export function fBetaScore(
  prediction: Tensor,
  target: Tensor,
  beta: number,
  options: ClassScoresOptions,
): Promise<number[]>;
export function fBetaScore(
  prediction: Tensor,
  target: Tensor,
  beta: number,
  options?: ClassScoreOptions,
): Promise<number>;
export function fBetaScore(
  prediction: Tensor,
  target: Tensor,
  beta: number,
  options: ClassScoreOptions | ClassScoresOptions = {},
): Promise<number | number[]> {
  return classScore((settings) => new FBetaScore(beta, settings), prediction, target, options);
}
