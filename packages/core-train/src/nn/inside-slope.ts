import { cast, greater, less, logicalAnd, type Tensor } from "@tensorflow/tfjs-core";

/** 1 where `low < x < high`, else 0, also at the ends: how PyTorch's piecewise linear activations rise. */
export function insideSlope(x: Tensor, low: number, high: number): Tensor {
  return cast(logicalAnd(greater(x, low), less(x, high)), "float32");
}
