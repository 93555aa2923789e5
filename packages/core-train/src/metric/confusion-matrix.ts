import type { Tensor } from "@tensorflow/tfjs-core";
import { LabelError } from "../loss/label-error.ts";
import { OptionError } from "../option-error.ts";
import { measureOnce } from "./measure-once.ts";
import { type LabelOptions, readLabels, checkLabelOptions } from "./read-labels.ts";
import { checkOptions } from "../check-options.ts";
import { checkChoice } from "../check-values.ts";

/** The most classes of which a matrix is made: 512 MB of counts. */
const mostClasses = 8192;

/** Options for {@link confusionMatrix}. */
export interface ConfusionMatrixOptions extends LabelOptions {
  /** The least number of classes. Default: as many as the predictions have scores for, or as occur. */
  readonly classes?: number;
  /** Fractions instead of counts: of the rows (`"true"`), the columns (`"pred"`), or of all. Default: counts. */
  readonly normalize?: "true" | "pred" | "all";
}

/** The confusion matrix over batches. */
export class ConfusionMatrix {
  readonly options: ConfusionMatrixOptions;
  readonly #counts = new Map<number, Map<number, number>>();
  #classes: number;

  constructor(options: ConfusionMatrixOptions = {}) {
    checkOptions("ConfusionMatrix", options, ["classes", "normalize", "threshold", "ignoreIndex"]);
    const { classes = 1 } = options;
    if (!(Number.isInteger(classes) && classes >= 1 && classes <= mostClasses))
      throw new OptionError("ConfusionMatrix", "classes", classes, `an integer from 1 to ${mostClasses}`);
    checkLabelOptions("ConfusionMatrix", options);
    checkChoice("ConfusionMatrix", "normalize", options.normalize, [undefined, "true", "pred", "all"]);
    this.options = options;
    this.#classes = options.classes ?? 0;
  }

  /** See {@link accuracy}. */
  async update(prediction: Tensor, target: Tensor): Promise<void> {
    const read = await readLabels("ConfusionMatrix", prediction, target, this.options);
    const { predicted, labels, classes = 0 } = read;
    this.#classes = Math.max(this.#classes, classes);
    for (const [i, label] of labels.entries()) {
      const guess = predicted[i] ?? NaN;
      const highest = Math.max(label, guess);
      if (highest >= mostClasses)
        throw new LabelError(
          `ConfusionMatrix: a label is ${highest}, expected classes from 0 to ${mostClasses - 1}: the matrix has a row for each class. Number the classes that occur from 0 on.`,
        );
      const row = this.#counts.get(label) ?? new Map<number, number>();
      this.#counts.set(label, row.set(guess, (row.get(guess) ?? 0) + 1));
      this.#classes = Math.max(this.#classes, label + 1, guess + 1);
    }
  }

  /** `[class, class]`: how often examples of a class (the row) were predicted as a class (the column). 0 where a sum is 0. */
  compute(): number[][] {
    const size = { length: this.#classes };
    const counts = Array.from(size, (_, label) =>
      Array.from(size, (_, guess) => this.#counts.get(label)?.get(guess) ?? 0),
    );
    const { normalize } = this.options;
    if (normalize === undefined) return counts;
    const rows = counts.map(total);
    const columns = Array.from(size, (_, guess) => total(counts.map((row) => row[guess] ?? 0)));
    const by = {
      true: (i: number) => rows[i],
      pred: (_: number, j: number) => columns[j],
      all: () => total(rows),
    };
    return counts.map((row, i) =>
      row.map((count, j) => (count === 0 ? 0 : count / (by[normalize](i, j) ?? 1))),
    );
  }

  reset(): void {
    this.#counts.clear();
    this.#classes = this.options.classes ?? 0;
  }
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/**
 * How often examples of each class are predicted as each class, scikit-learn's `confusion_matrix`. Classes are as in {@link accuracy}.
 *
 * @returns `[class, class]`: rows are the target, columns the prediction
 */
export function confusionMatrix(
  prediction: Tensor,
  target: Tensor,
  options: ConfusionMatrixOptions = {},
): Promise<number[][]> {
  return measureOnce(new ConfusionMatrix(options), prediction, target);
}
