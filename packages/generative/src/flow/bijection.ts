import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";

/** Where an invertible function takes examples, and by how much it stretches space there. */
export interface Transformed {
  readonly output: Tensor;
  /** The logarithm of the absolute determinant of the Jacobian of each example, `[batch]`. */
  readonly logDet: Tensor1D;
}

/** An invertible function whose volume change is known: a layer of a {@link Flow}. Forward is from data to noise. */
export interface Bijection {
  /** @param x `[batch, …]` */
  forward(x: Tensor): Transformed;
  /**
   * The inverse, with the volume change of the inverse: the negative one.
   *
   * @param y `[batch, …]`
   */
  inverse(y: Tensor): Transformed;
}
