import type { Tensor } from "@tensorflow/tfjs-core";
import { LabelError } from "../loss/label-error.ts";
import { OptionError } from "../option-error.ts";
import { checkShape } from "../shape-error.ts";
import type { MetricAccumulator } from "../train/metric-accumulator.ts";
import { measureOnce } from "./measure-once.ts";

/** The share of labels among the `k` highest scores over batches; NaN before the first. */
export class TopKAccuracy implements MetricAccumulator {
  readonly k: number;
  #right = 0;
  #count = 0;

  constructor(k: number) {
    if (!(Number.isInteger(k) && k > 0)) throw new OptionError("TopKAccuracy", "k", k, "an integer from 1");
    this.k = k;
  }

  /** See {@link topKAccuracy}. */
  async update(prediction: Tensor, target: Tensor): Promise<void> {
    checkShape("TopKAccuracy", "prediction", prediction, ["...", "class"]);
    checkShape("TopKAccuracy", "target", target, prediction.shape.slice(0, -1));
    const classes = prediction.shape.at(-1) ?? 0;
    const [scores, labels] = await Promise.all([prediction.data(), target.data()]);
    let right = 0;
    for (let row = 0; row < labels.length; row++) {
      const label = labels[row] ?? NaN;
      const own = scores[row * classes + label];
      if (own === undefined || !(Number.isInteger(label) && label >= 0 && label < classes)) {
        const range = `a class from 0 to ${classes - 1}`;
        throw new LabelError(`TopKAccuracy: target[${row}] is ${label}, expected ${range}.`);
      }
      let higher = 0;
      for (let c = 0; c < classes; c++) {
        const score = scores[row * classes + c] ?? NaN;
        if (score > own || (score === own && c > label)) higher++;
      }
      if (higher < this.k) right++;
    }
    this.#right += right;
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
 * The share of labels among the `k` highest scores, scikit-learn's `top_k_accuracy_score`. Among equal scores the last class
 * counts as the highest, as there.
 *
 * @param prediction scores `[batch, …, class]`
 * @param target `[batch, …]` labels
 */
export function topKAccuracy(prediction: Tensor, target: Tensor, k: number): Promise<number> {
  return measureOnce(new TopKAccuracy(k), prediction, target);
}
