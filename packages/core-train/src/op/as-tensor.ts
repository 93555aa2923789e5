import { scalar, type Tensor } from "@tensorflow/tfjs-core";

/** A number as a scalar; a tensor as it is. */
export function asTensor(x: Tensor | number): Tensor {
  return typeof x === "number" ? scalar(x) : x;
}
