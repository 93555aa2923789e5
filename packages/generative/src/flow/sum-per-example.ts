import { sizeAlong } from "@pellucid/core-train";
import { reshape, sum, type Tensor, type Tensor1D } from "@tensorflow/tfjs-core";

/**
 * The sum over all axes but the batch.
 *
 * @param x `[batch, …]`
 * @returns `[batch]`
 */
export function sumPerExample(x: Tensor): Tensor1D {
  return sum(reshape(x, [sizeAlong(x, 0), -1]), 1);
}
