import type { Tensor } from "@tensorflow/tfjs-core";
import type { MetricAccumulator } from "../train/metric-accumulator.ts";
import { type LabelOptions, readLabels, checkLabelOptions } from "./read-labels.ts";
import { checkOptions } from "../check-options.ts";
import { checkChoice } from "../check-values.ts";
import { OptionError } from "../option-error.ts";

/** How the scores of the classes are averaged. */
export interface ClassScoreOptions extends LabelOptions {
  /**
   * `"macro"`: the mean over the classes that occur; `"weighted"`: weighted by their frequency; `"micro"`: of all classes pooled; `"binary"`:
   * of class 1 alone. Default: `"macro"`.
   */
  readonly average?: "macro" | "weighted" | "micro" | "binary";
  /** The score of a class whose denominator is 0; NaN to leave it out. Default: 0. */
  readonly zeroDivision?: number;
}

/** Options for the functions, which can return the scores of all classes. */
export interface ClassScoresOptions extends Omit<ClassScoreOptions, "average"> {
  readonly average: "none";
}

/** The counts of a class: predicted correctly, predicted, and in the target. */
export interface ClassCounts {
  readonly hits: number;
  readonly predicted: number;
  readonly actual: number;
}

/** The two numbers whose quotient is a score: precision, recall, F. */
export type Quotient = (counts: ClassCounts) => readonly [above: number, below: number];

/** A score of a classification, over batches; NaN before the first. */
export class ClassScore implements MetricAccumulator {
  readonly options: ClassScoreOptions;
  readonly #caller: string;
  readonly #quotient: Quotient;
  readonly #hits: number[] = [];
  readonly #predicted: number[] = [];
  readonly #actual: number[] = [];

  constructor(caller: string, quotient: Quotient, options: ClassScoreOptions) {
    checkOptions(caller, options, ["average", "zeroDivision", "threshold", "ignoreIndex"]);
    const { average = "macro", zeroDivision = 0 } = options;
    checkLabelOptions(caller, options);
    checkChoice(caller, "average", average, ["macro", "weighted", "micro", "binary"]);
    if (typeof zeroDivision !== "number" || Math.abs(zeroDivision) === Infinity)
      throw new OptionError(caller, "zeroDivision", zeroDivision, "a finite number or NaN");
    this.#caller = caller;
    this.#quotient = quotient;
    this.options = options;
  }

  /** See {@link accuracy}. */
  async update(prediction: Tensor, target: Tensor): Promise<void> {
    const read = await readLabels(this.#caller, prediction, target, this.options);
    const { predicted, labels, classes = 0 } = read;
    for (const [i, label] of labels.entries()) {
      const guess = predicted[i] ?? NaN;
      count(this.#predicted, guess);
      count(this.#actual, label);
      if (label === guess) count(this.#hits, label);
    }
    if (classes > this.#actual.length) this.#actual[classes - 1] ??= 0;
  }

  compute(): number {
    const { average = "macro" } = this.options;
    const counts = this.#counts();
    if (counts.length === 0) return NaN;
    if (average === "binary") return this.#score(counts[1] ?? { hits: 0, predicted: 0, actual: 0 });
    if (average === "micro") return this.#score(counts.reduce(together));
    const occurring = counts.filter(({ predicted, actual }) => predicted + actual > 0);
    const weight = ({ actual }: ClassCounts) => (average === "weighted" ? actual : 1);
    const scored = occurring.map((of) => [this.#score(of), weight(of)] as const);
    const known = scored.filter(([score]) => !Number.isNaN(score));
    const total = known.reduce((sum, [, w]) => sum + w, 0);
    return known.reduce((sum, [score, w]) => sum + score * w, 0) / total;
  }

  /** The score of each class, by its label. */
  perClass(): number[] {
    return this.#counts().map((counts) => this.#score(counts));
  }

  reset(): void {
    for (const counts of [this.#hits, this.#predicted, this.#actual]) counts.length = 0;
  }

  #counts(): ClassCounts[] {
    const [hits, predicted, actual] = [this.#hits, this.#predicted, this.#actual];
    const classes = Math.max(predicted.length, actual.length);
    return Array.from({ length: classes }, (_, c) => ({
      hits: hits[c] ?? 0,
      predicted: predicted[c] ?? 0,
      actual: actual[c] ?? 0,
    }));
  }

  #score(counts: ClassCounts): number {
    const [above, below] = this.#quotient(counts);
    return below === 0 ? (this.options.zeroDivision ?? 0) : above / below;
  }
}

function count(counts: number[], label: number): void {
  counts[label] = (counts[label] ?? 0) + 1;
}

function together(a: ClassCounts, b: ClassCounts): ClassCounts {
  return { hits: a.hits + b.hits, predicted: a.predicted + b.predicted, actual: a.actual + b.actual };
}

/** One score, or one for each class. */
export async function classScore(
  make: (options: ClassScoreOptions) => ClassScore,
  prediction: Tensor,
  target: Tensor,
  options: ClassScoreOptions | ClassScoresOptions,
): Promise<number | number[]> {
  const { average, ...rest } = options;
  const metric = make(average === undefined || average === "none" ? rest : { ...rest, average });
  await metric.update(prediction, target);
  return average === "none" ? metric.perClass() : metric.compute();
}
