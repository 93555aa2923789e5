import { equal, expandDims, range, type Tensor, type Tensor1D, type Tensor2D } from "@tensorflow/tfjs-core";

/** Where each class of `x`, `[row, class]`, is the label of its row: `[row, class]` of booleans. */
export function isLabel({ shape }: Tensor2D, label: Tensor1D): Tensor {
  return equal(expandDims(label, 1), range(0, shape[1], 1, "int32"));
}
