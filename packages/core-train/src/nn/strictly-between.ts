import { cast, greater, less, logicalAnd, type Tensor } from "@tensorflow/tfjs-core";

/** 1 where `low < x < high`, otherwise 0: the derivative of PyTorch's piecewise linear activations. */
export function strictlyBetween(x: Tensor, low: number, high: number): Tensor {
  return cast(logicalAnd(greater(x, low), less(x, high)), "float32");
}
