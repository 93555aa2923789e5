import type { Tensor } from "@tensorflow/tfjs-core";
import { DomainError } from "../loss/domain-error.ts";
import { LabelError } from "../loss/label-error.ts";
import { checkShape, ShapeError } from "../shape-error.ts";
import type { MetricAccumulator } from "../train/metric-accumulator.ts";

/** An example in relation to a class: its score for the class, and whether it belongs to it. */
export interface Ranked {
  readonly score: number;
  readonly isPositive: boolean;
}

/**
 * A measure of how well scores rank the examples of a class above all others, over batches; for several classes the mean over
 * them. It keeps all scores, on the host.
 */
export class OneVersusRest implements MetricAccumulator {
  readonly #caller: string;
  readonly #measure: (ranked: Ranked[]) => number;
  #classes = 0;
  #scores: number[] = [];
  #labels: number[] = [];

  /** @param measure of one class; its examples come in descending order of their scores */
  constructor(caller: string, measure: (ranked: Ranked[]) => number) {
    this.#caller = caller;
    this.#measure = measure;
  }

  /** Scores `[batch]` of class 1 with a target `[batch]` of 0 and 1, or `[batch, class]` with labels `[batch]`. */
  async update(prediction: Tensor, target: Tensor): Promise<void> {
    const caller = this.#caller;
    checkShape(caller, "target", target, ["batch"]);
    const hasClasses = prediction.rank === 2;
    const batch = target.size;
    checkShape(caller, "prediction", prediction, hasClasses ? [batch, "class"] : [batch]);
    const classes = hasClasses ? (prediction.shape[1] ?? 0) : 1;
    const [scores, labels] = await Promise.all([prediction.data(), target.data()]);
    if (this.#labels.length > 0 && classes !== this.#classes) {
      throw new ShapeError(
        `${caller}: prediction has ${classes} classes, expected ${this.#classes} as before.`,
      );
    }
    for (const [i, score] of scores.entries()) {
      if (Number.isNaN(score))
        throw new DomainError(`${caller}: prediction[${i}] is NaN, expected a number.`);
    }
    const highest = hasClasses ? classes - 1 : 1;
    for (const [i, label] of labels.entries()) {
      if (Number.isInteger(label) && label >= 0 && label <= highest) continue;
      throw new LabelError(`${caller}: target[${i}] is ${label}, expected a class from 0 to ${highest}.`);
    }
    this.#classes = classes;
    for (const score of scores) this.#scores.push(score);
    for (const label of labels) this.#labels.push(label);
  }

  /** The mean over the classes; NaN if one of them cannot be measured. */
  compute(): number {
    const measured = this.perClass();
    return measured.reduce((sum, value) => sum + value, 0) / measured.length;
  }

  /** The measure of each class, by its label; with two classes, of class 1 alone. */
  perClass(): number[] {
    const classes = this.#classes;
    return Array.from({ length: classes }, (_, c) => {
      const positive = classes === 1 ? 1 : c;
      const ranked = this.#labels.map((label, i) => ({
        score: this.#scores[i * classes + c] ?? NaN,
        isPositive: label === positive,
      }));
      return this.#measure(ranked.sort((a, b) => b.score - a.score));
    });
  }

  reset(): void {
    this.#scores = [];
    this.#labels = [];
  }
}

/** How many examples of the class, and how many others, score at least as high as each score, from the highest down. */
export function* thresholds(ranked: readonly Ranked[]): Generator<{ positives: number; negatives: number }> {
  let [positives, negatives] = [0, 0];
  for (const [i, { score, isPositive }] of ranked.entries()) {
    if (isPositive) positives++;
    else negatives++;
    if (ranked[i + 1]?.score !== score) yield { positives, negatives };
  }
}
