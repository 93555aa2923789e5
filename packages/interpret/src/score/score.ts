import type { Structured } from "@pellucid/core-train";
import type { Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";

/**
 * What is explained: one number for each example, `[batch]`, which depends on that example alone. The input is a tensor `[batch, …]` or
 * a structure of tensors, such as a graph or a text with its lengths.
 *
 * A tool may evaluate several copies of a batch at once, one whole copy after the other, so that a score with a target
 * for each example (see {@link classScore}) knows which row is which. It does so for tensors only: copies of a graph would need other indices.
 */
export type Score<X extends Structured<X> = Tensor4D> = (x: X) => Tensor1D;
