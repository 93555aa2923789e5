import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";

/**
 * What is to be explained: one number for each example, `[batch, …]` → `[batch]`, of that example alone.
 *
 * A tool may ask for several copies of its batch at once, one whole copy after the other, so that a score with a target
 * for each example (see {@link classScore}) knows which row is which.
 */
export type Score<X extends Tensor = Tensor4D> = (x: X) => Tensor1D;
