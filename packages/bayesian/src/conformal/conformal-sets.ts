import { checkOptions, LabelError, ShapeError } from "@pellucid/core-train";
import { conformalQuantile } from "./conformal-quantile.ts";

/** How unlike its label an example is, by its probabilities. The score of every class, in order. */
export type ConformalScore = (probabilities: ArrayLike<number>) => Float64Array;

/** `1 − p`: the smallest sets. Sadinle et al., 2016. https://arxiv.org/abs/1609.00451 */
export const leastAmbiguous: ConformalScore = (probabilities) =>
  Float64Array.from(probabilities, (p) => 1 - p);

/** The sum of the probabilities of all classes that are at least as probable: larger sets for harder examples. Romano et al., 2020, without randomization. https://arxiv.org/abs/2006.02544 */
export const adaptive: ConformalScore = (probabilities) => {
  const order = Array.from(probabilities, (_, i) => i).toSorted(
    (a, b) => (probabilities[b] as number) - (probabilities[a] as number),
  );
  const scores = new Float64Array(probabilities.length);
  let sum = 0;
  for (const i of order) scores[i] = sum += probabilities[i] as number;
  return scores;
};

/** Makes sets of classes. */
export interface ConformalSets {
  readonly quantile: number;
  /** The classes whose score is at most the quantile. */
  predict(probabilities: ArrayLike<number>): number[];
}

/**
 * Sets of classes that contain the label of a new example with a probability of at least `1 − alpha`, by held-out examples.
 *
 * @param probabilities rows of held-out examples
 * @param labels the class of each
 */
export function conformalSets(
  probabilities: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  options: { readonly alpha: number; readonly score?: ConformalScore },
): ConformalSets {
  checkOptions("conformalSets", options, ["alpha", "score"]);
  const { alpha, score = leastAmbiguous } = options;
  if (probabilities.length !== labels.length)
    throw new ShapeError(
      `conformalSets: ${probabilities.length} rows and ${labels.length} labels, expected as many.`,
    );
  const scores = probabilities.map((row, i) => {
    const own = score(row)[labels[i] as number];
    if (own === undefined)
      throw new LabelError(
        `conformalSets: label ${i} is ${labels[i]}, expected a class from 0 to ${row.length - 1}.`,
      );
    return own;
  });
  const { quantile } = conformalQuantile(scores, alpha);
  return {
    quantile,
    predict: (row) => Array.from(score(row).entries()).flatMap(([i, each]) => (each <= quantile ? [i] : [])),
  };
}
