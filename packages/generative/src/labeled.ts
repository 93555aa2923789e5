import type { Tensor } from "@tensorflow/tfjs-core";

/** Examples, or the noise that they are made of, and the class of each. */
export interface Labeled {
  /** `[batch, feature]` */
  readonly x: Tensor;
  /** `[batch]` int32 */
  readonly label: Tensor;
}
