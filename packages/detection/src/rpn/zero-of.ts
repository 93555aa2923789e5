import { mul, type Scalar, sum, type Tensor } from "@tensorflow/tfjs-core";

/**
 * A loss of 0 that depends on `x`, so that its parameters have a gradient of zeros, as in PyTorch, and not none.
 *
 * @param x of any shape
 * @returns one number
 */
export function zeroOf(x: Tensor): Scalar {
  return mul<Scalar>(sum(x), 0);
}
