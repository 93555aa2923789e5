import type { Tensor } from "@tensorflow/tfjs-core";

/** A metric that adds up over batches and is read at their end. It holds numbers only, no tensors. */
export interface MetricAccumulator<Out extends Tensor = Tensor, Y extends Tensor = Tensor> {
  /** Takes in one batch; both tensors are borrowed. */
  update(output: Out, target: Y): Promise<void> | void;
  compute(): number;
  /** Forgets all batches. */
  reset(): void;
}
