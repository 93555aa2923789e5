import type { Tensor } from "@tensorflow/tfjs-core";

/**
 * A batch as training takes it: inputs and targets, tensors or structures of them, batch first. It may carry more, such as example
 * weights or names, for the loss and the metrics.
 */
export interface Batch<X = Tensor, Y = Tensor> {
  readonly x: X;
  readonly y: Y;
}

/** Batches that can be gone through again for each epoch, as {@link batches} makes them. */
export interface BatchSource<B = Batch> {
  /** How many batches an epoch has, where it is known. */
  readonly length?: number | undefined;
  [Symbol.asyncIterator](): AsyncIterator<B>;
}
