import {
  checkOptions,
  checkSizes,
  LabelError,
  type MetricAccumulator,
  OptionError,
  ShapeError,
} from "@pellucid/core-train";
import { argMax, type Tensor, type Tensor4D } from "@tensorflow/tfjs-core";
import { logitsOf } from "./logits-of.ts";
import type { SegmentationOutput } from "./segmentation-output.ts";
import { ignoredLabel } from "./ignored-label.ts";

/** Options for {@link SegmentationMetrics}. */
export interface SegmentationMetricsOptions {
  /** The label of pixels that do not count. Default: 255, PASCAL VOC's border. */
  readonly ignoreIndex?: number;
}

/** What {@link SegmentationMetrics} measures. NaN for a class that is neither predicted nor in the target. */
export interface SegmentationScores {
  /** `confusion[target][prediction]`: how many pixels. */
  readonly confusion: readonly (readonly number[])[];
  /** Intersection over union of each class: `TP / (TP + FP + FN)`. */
  readonly iou: readonly number[];
  /** The mean over the classes that are predicted or in the target; NaN if there is none. */
  readonly meanIou: number;
  /** `2 TP / (2 TP + FP + FN)` of each class. */
  readonly dice: readonly number[];
  readonly meanDice: number;
  /** The share of pixels that are right. */
  readonly pixelAccuracy: number;
  /** The share of each class's pixels that are right; NaN for a class that the target does not have. */
  readonly classAccuracy: readonly number[];
  readonly meanClassAccuracy: number;
  /** The mean IoU with each class weighted by its pixels. */
  readonly frequencyWeightedIou: number;
}

/**
 * Mean IoU, Dice and pixel accuracy over batches, all from one confusion matrix over all pixels. As an accumulator of `fit` and `evaluate` its number is the
 * mean IoU.
 *
 * ```ts
 * const metrics = new SegmentationMetrics(21);
 * await metrics.update(model.forward(images), labels);
 * metrics.scores().meanIou;
 * ```
 */
export class SegmentationMetrics implements MetricAccumulator<Tensor | SegmentationOutput> {
  readonly classes: number;
  readonly ignoreIndex: number;
  readonly #counts: Float64Array;

  constructor(classes: number, options: SegmentationMetricsOptions = {}) {
    checkSizes("SegmentationMetrics", { classes });
    checkOptions("SegmentationMetrics", options, ["ignoreIndex"]);
    const ignoreIndex = ignoredLabel("SegmentationMetrics", classes, options.ignoreIndex);
    if (ignoreIndex >= 0 && ignoreIndex < classes)
      throw new OptionError(
        "SegmentationMetrics",
        "ignoreIndex",
        ignoreIndex,
        `none of the ${classes} classes`,
      );
    this.classes = classes;
    this.ignoreIndex = ignoreIndex;
    this.#counts = new Float64Array(classes * classes);
  }

  /**
   * @param prediction logits `[…, class]` or `{ out }`, of which the highest counts; or int32 labels of the shape of the target
   * @param target `[…]` int32 labels
   * @throws {LabelError} for a label that is neither a class nor the ignored one; nothing is counted then
   */
  async update(prediction: Tensor | SegmentationOutput, target: Tensor): Promise<void> {
    const { classes } = this;
    const scores: Tensor = "out" in prediction ? logitsOf(prediction) : prediction;
    const hasScores = scores.rank === target.rank + 1;
    const wanted = hasScores ? [...target.shape, classes] : target.shape;
    if (scores.shape.join() !== wanted.join())
      throw new ShapeError(
        `SegmentationMetrics(${classes}): prediction is [${scores.shape.join(", ")}], expected [${wanted.join(", ")}] for the target's [${target.shape.join(", ")}].`,
      );
    const best = hasScores ? argMax(scores as Tensor4D, -1) : null;
    try {
      const [found, right] = await Promise.all([(best ?? scores).data(), target.data()]);
      this.add(found, right);
    } finally {
      best?.dispose();
    }
  }

  /** {@link update} with labels on the host, of equal length. */
  add(found: ArrayLike<number>, right: ArrayLike<number>): void {
    const { classes, ignoreIndex } = this;
    const counts = new Float64Array(classes * classes);
    if (found.length !== right.length)
      throw new ShapeError(`SegmentationMetrics: ${found.length} predictions for ${right.length} pixels.`);
    for (let i = 0; i < right.length; i++) {
      const label = right[i] ?? NaN;
      if (label === ignoreIndex) continue;
      const guess = found[i] ?? NaN;
      if (!isClass(label, classes)) throw unknownLabel("target", i, label, this);
      if (!isClass(guess, classes)) throw unknownLabel("prediction", i, guess, this);
      const cell = label * classes + guess;
      counts[cell] = (counts[cell] ?? NaN) + 1;
    }
    for (let i = 0; i < counts.length; i++) this.#counts[i] = (this.#counts[i] ?? NaN) + (counts[i] ?? NaN);
  }

  /** The mean IoU. */
  compute(): number {
    return this.scores().meanIou;
  }

  scores(): SegmentationScores {
    const { classes } = this;
    const all = Array.from({ length: classes }, (_, c) => c);
    const confusion = all.map((row) => [...this.#counts.subarray(row * classes, (row + 1) * classes)]);
    const hits = all.map((c) => confusion[c]?.[c] ?? NaN);
    const inTarget = confusion.map(total);
    const predicted = all.map((c) => total(confusion.map((row) => row[c] ?? NaN)));
    const of = (c: number) => ({
      hit: hits[c] ?? NaN,
      target: inTarget[c] ?? NaN,
      found: predicted[c] ?? NaN,
    });
    const iou = all.map(of).map(({ hit, target, found }) => hit / (target + found - hit));
    const dice = all.map(of).map(({ hit, target, found }) => (2 * hit) / (target + found));
    const classAccuracy = all.map(of).map(({ hit, target }) => hit / target);
    const pixels = total(inTarget);
    const weighted = iou.map((value, c) => (inTarget[c] === 0 ? 0 : ((inTarget[c] ?? NaN) / pixels) * value));
    return {
      confusion,
      iou,
      meanIou: meanOfNumbers(iou),
      dice,
      meanDice: meanOfNumbers(dice),
      pixelAccuracy: total(hits) / pixels,
      classAccuracy,
      meanClassAccuracy: meanOfNumbers(classAccuracy),
      frequencyWeightedIou: pixels === 0 ? NaN : total(weighted),
    };
  }

  reset(): void {
    this.#counts.fill(0);
  }
}

const isClass = (label: number, classes: number) => Number.isInteger(label) && label >= 0 && label < classes;

const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);

/** Of those that are not NaN. */
function meanOfNumbers(numbers: readonly number[]): number {
  const found = numbers.filter((number) => !Number.isNaN(number));
  return total(found) / found.length;
}

function unknownLabel(
  name: string,
  i: number,
  label: number,
  { classes, ignoreIndex }: SegmentationMetrics,
): LabelError {
  const ignored = name === "target" ? `, or ${ignoreIndex} for one to ignore` : "";
  return new LabelError(
    `SegmentationMetrics: ${name}[${i}] is ${label}, expected a class from 0 to ${classes - 1}${ignored}.`,
  );
}
