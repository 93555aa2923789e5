import type { Tensor } from "@tensorflow/tfjs-core";
import type { Batch } from "./batch.ts";

/** A metric that accumulates over batches and is read at their end. It holds numbers only, no tensors. */
export interface MetricAccumulator<Out = Tensor, Y = Tensor, B = Batch<unknown, Y>> {
  /**
   * Takes in one batch; everything is borrowed.
   *
   * @param output of the model, the whole structure
   * @param target the batch's `y`
   * @param batch all that the data gave: example weights, lengths, names
   */
  update(output: Out, target: Y, batch: B): Promise<void> | void;
  compute(): number;
  /** Forgets all batches. */
  reset(): void;
}
