import { embedding } from "@pellucid/core-train";
import { type Tensor2D, tensor1d } from "@tensorflow/tfjs-core";

/**
 * The rows with the given indices, with a gradient on every backend. There must be one at least.
 *
 * @param x `[row, feature]`
 * @returns `[index, feature]`
 */
export function rowsAt(x: Tensor2D, indices: ArrayLike<number>): Tensor2D {
  return embedding(tensor1d(Int32Array.from(indices), "int32"), x); // [index, feature]
}
