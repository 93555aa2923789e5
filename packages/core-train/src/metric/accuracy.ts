import type { Tensor } from "@tensorflow/tfjs-core";
import type { MetricAccumulator } from "../train/metric-accumulator.ts";
import { measureOnce } from "./measure-once.ts";
import { type LabelOptions, readLabels, checkLabelOptions } from "./read-labels.ts";
import { checkOptions } from "../check-options.ts";

/** The share of correct labels over batches; NaN before the first. */
export class Accuracy implements MetricAccumulator {
  readonly options: LabelOptions;
  #right = 0;
  #count = 0;

  constructor(options: LabelOptions = {}) {
    checkOptions("Accuracy", options, ["threshold", "ignoreIndex"]);
    checkLabelOptions("Accuracy", options);
    this.options = options;
  }

  /** See {@link accuracy}. */
  async update(prediction: Tensor, target: Tensor): Promise<void> {
    const { predicted, labels } = await readLabels("Accuracy", prediction, target, this.options);
    this.#right += labels.filter((label, i) => label === predicted[i]).length;
    this.#count += labels.length;
  }

  compute(): number {
    return this.#right / this.#count;
  }

  reset(): void {
    this.#right = 0;
    this.#count = 0;
  }
}

/**
 * The share of correct labels.
 *
 * @param prediction scores `[batch, …, class]`, of which the highest counts; or of two classes `[batch, …]`; or int32 labels
 * @param target `[batch, …]` labels
 */
export function accuracy(prediction: Tensor, target: Tensor, options: LabelOptions = {}): Promise<number> {
  return measureOnce(new Accuracy(options), prediction, target);
}
