import { add, mul, square, type Tensor } from "@tensorflow/tfjs-core";

/** The running average of a square: `keep · average + (1 − keep) · x²`. */
export function meanSquare(average: Tensor, x: Tensor, keep: number): Tensor {
  return add(mul(average, keep), mul(square(x), 1 - keep));
}
