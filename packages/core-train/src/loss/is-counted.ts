import { notEqual, scalar, type Tensor1D } from "@tensorflow/tfjs-core";

/** Where a label is not the ignored one: `[row]` of booleans. */
export function isCounted(label: Tensor1D, ignoreIndex: number): Tensor1D {
  return notEqual(label, scalar(ignoreIndex, "int32"));
}
