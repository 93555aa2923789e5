import { checkArguments, checkOptions, DomainError, LabelError, ShapeError } from "@pellucid/core-train";
import { conformalQuantile } from "./conformal-quantile.ts";

/** How unlike its label an example is, by its probabilities. The score of every class, in order. */
export type ConformalScore = (probabilities: ArrayLike<number>) => Float64Array;

/** `1 − p`: the smallest sets. Sadinle et al., 2016. https://arxiv.org/abs/1609.00451 */
export const leastAmbiguous: ConformalScore = (probabilities) => {
  checkArguments("leastAmbiguous", { numbers: { probabilities } });
  return Float64Array.from(probabilities, (p) => 1 - p);
};

/** The sum of the probabilities of all classes that are at least as probable: larger sets for harder examples. Romano et al., 2020, without randomization. https://arxiv.org/abs/2006.02544 */
export const adaptive: ConformalScore = (probabilities) => {
  checkArguments("adaptive", { numbers: { probabilities } });
  const order = Array.from(probabilities, (_, i) => i).toSorted(
    (a, b) => (probabilities[b] ?? NaN) - (probabilities[a] ?? NaN),
  );
  const scores = new Float64Array(probabilities.length);
  let sum = 0;
  for (const i of order) scores[i] = sum += probabilities[i] ?? NaN;
  return scores;
};

/** Makes sets of classes. */
export interface ConformalSets {
  readonly quantile: number;
  /**
   * The classes whose score is at most the quantile.
   *
   * @throws ShapeError for a row of other classes than the held-out ones
   * @throws DomainError for numbers that are not probabilities
   */
  predict(probabilities: ArrayLike<number>): number[];
}

/**
 * Sets of classes that contain the label of a new example with a probability of at least `1 − alpha`, by held-out examples.
 *
 * @param probabilities rows of held-out examples
 * @param labels the class of each
 * @throws ShapeError for rows of different lengths, or not one label a row
 * @throws DomainError for numbers that are not probabilities, such as logits
 * @throws LabelError for a class that does not exist
 */
export function conformalSets(
  probabilities: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  options: { readonly alpha: number; readonly score?: ConformalScore },
): ConformalSets {
  checkArguments("conformalSets", { "numbers[]": { probabilities }, numbers: { labels } });
  checkOptions("conformalSets", options, ["alpha", "score"]);
  const { alpha, score = leastAmbiguous } = options;
  if (probabilities.length !== labels.length)
    throw new ShapeError(
      `conformalSets: ${probabilities.length} rows and ${labels.length} labels, expected as many.`,
    );
  const classes = probabilities[0]?.length ?? 0;
  const scores = probabilities.map((row, i) => {
    checkRow(`row ${i}`, row, classes);
    const own = score(row)[labels[i] ?? NaN];
    if (own === undefined)
      throw new LabelError(
        `conformalSets: label ${i} is ${labels[i]}, expected a class from 0 to ${row.length - 1}.`,
      );
    return own;
  });
  const { quantile } = conformalQuantile(scores, alpha);
  return {
    quantile,
    predict: (row) => {
      checkRow("the row", row, classes);
      return Array.from(score(row).entries()).flatMap(([i, each]) => (each <= quantile ? [i] : []));
    },
  };
}

function checkRow(name: string, row: ArrayLike<number>, classes: number): void {
  if (row.length !== classes)
    throw new ShapeError(`conformalSets: ${name} has ${row.length} probabilities, expected ${classes}.`);
  const numbers = Array.from(row);
  const sum = numbers.reduce((all, p) => all + p, 0);
  if (numbers.every((p) => p >= 0 && p <= 1) && Math.abs(sum - 1) < 0.01) return;
  throw new DomainError(
    `conformalSets: ${name} is [${numbers.slice(0, 5).join(", ")}${classes > 5 ? ", …" : ""}], expected probabilities whose sum is 1. Are they logits? Use softmax.`,
  );
}
