import type { Tensor } from "@tensorflow/tfjs-core";
import type { MetricAccumulator } from "../train/metric-accumulator.ts";
import { measureOnce } from "./measure-once.ts";
import { readPair } from "./read-pair.ts";

/** The mean absolute error over batches, added up in 64 bits; NaN before the first. */
export class MeanAbsoluteError implements MetricAccumulator {
  #sum = 0;
  #count = 0;

  /** Both `[…]`. */
  async update(prediction: Tensor, target: Tensor): Promise<void> {
    const [x, y] = await readPair("MeanAbsoluteError", prediction, target);
    for (let i = 0; i < x.length; i++) this.#sum += Math.abs((x[i] ?? NaN) - (y[i] ?? NaN));
    this.#count += x.length;
  }

  compute(): number {
    return this.#sum / this.#count;
  }

  reset(): void {
    this.#sum = 0;
    this.#count = 0;
  }
}

/** The mean of `|x − y|`. Both `[…]`. */
export function meanAbsoluteError(prediction: Tensor, target: Tensor): Promise<number> {
  return measureOnce(new MeanAbsoluteError(), prediction, target);
}
