import type { Tensor } from "@tensorflow/tfjs-core";
import { DomainError } from "../loss/domain-error.ts";
import { LabelError } from "../loss/label-error.ts";
import { OptionError } from "../option-error.ts";
import { checkShape } from "../shape-error.ts";
import type { MetricAccumulator } from "../train/metric-accumulator.ts";
import { measureOnce } from "./measure-once.ts";
import { checkTensor } from "../check-tensor.ts";
import { checkOptions } from "../check-options.ts";

export interface ExpectedCalibrationErrorOptions {
  /** The number of bins of equal width for the confidences. Default: 15. */
  readonly bins?: number;
}

/** The expected calibration error over batches; NaN before the first. */
export class ExpectedCalibrationError implements MetricAccumulator {
  readonly bins: number;
  #filled: { confidence: number; right: number }[] = [];
  #count = 0;

  constructor(options: ExpectedCalibrationErrorOptions = {}) {
    checkOptions("ExpectedCalibrationError", options, ["bins"]);
    const { bins = 15 } = options;
    if (!(Number.isInteger(bins) && bins > 0)) {
      throw new OptionError("ExpectedCalibrationError", "bins", bins, "an integer from 1");
    }
    this.bins = bins;
  }

  /** See {@link expectedCalibrationError}. */
  async update(prediction: Tensor, target: Tensor): Promise<void> {
    const caller = "ExpectedCalibrationError";
    checkTensor(caller, "prediction", prediction);
    checkTensor(caller, "target", target);
    const hasClasses = prediction.rank === target.rank + 1;
    checkShape(caller, "target", target, hasClasses ? prediction.shape.slice(0, -1) : prediction.shape);
    const classes = hasClasses ? (prediction.shape.at(-1) ?? 0) : 1;
    const highest = hasClasses ? classes - 1 : 1;
    const [probabilities, labels] = await Promise.all([prediction.data(), target.data()]);
    const outside = probabilities.findIndex((p: number) => !(p >= 0 && p <= 1));
    if (outside >= 0) {
      throw new DomainError(
        `${caller}: prediction[${outside}] is ${probabilities[outside]}, expected 0 to 1. Apply softmax to logits.`,
      );
    }
    const wrong = labels.findIndex(
      (label: number) => !(Number.isInteger(label) && label >= 0 && label <= highest),
    );
    if (wrong >= 0) {
      throw new LabelError(
        `${caller}: target[${wrong}] is ${labels[wrong]}, expected a class from 0 to ${highest}.`,
      );
    }
    for (const [row, label] of labels.entries()) {
      let best = row * classes;
      for (let i = best + 1; i < (row + 1) * classes; i++) {
        if ((probabilities[i] ?? NaN) > (probabilities[best] ?? NaN)) best = i;
      }
      const confidence = probabilities[best] ?? NaN;
      const bin = (this.#filled[this.#binOf(confidence)] ??= { confidence: 0, right: 0 });
      bin.confidence += confidence;
      bin.right += Number(hasClasses ? best - row * classes === label : label === 1);
    }
    this.#count += labels.length;
  }

  compute(): number {
    let gap = 0;
    for (const bin of Object.values(this.#filled)) gap += Math.abs(bin.confidence - bin.right);
    return this.#count === 0 ? NaN : gap / this.#count;
  }

  reset(): void {
    this.#filled = [];
    this.#count = 0;
  }

  /** Bins include their lower edge; a confidence of 1 has its own bin, as in torchmetrics. */
  #binOf(confidence: number): number {
    const bin = Math.floor(confidence * this.bins);
    return confidence < Math.fround(bin / this.bins) ? bin - 1 : bin;
  }
}

/**
 * How far confidence is from accuracy, torchmetrics' `calibration_error`: the distance of the mean confidence from the share
 * of correct labels within each bin of confidence, averaged over the examples.
 * Guo et al., 2017, eq. 3. https://arxiv.org/abs/1706.04599
 *
 * @param prediction probabilities `[batch, …, class]`, of which the highest is the confidence; or of class 1, `[batch, …]`
 * @param target `[batch, …]` labels
 */
export function expectedCalibrationError(
  prediction: Tensor,
  target: Tensor,
  options: ExpectedCalibrationErrorOptions = {},
): Promise<number> {
  return measureOnce(new ExpectedCalibrationError(options), prediction, target);
}
