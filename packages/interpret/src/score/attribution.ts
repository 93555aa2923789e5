import type { Structured } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";

/**
 * What a tool returns: from a batch to a number for each of its numbers, now or later. Of a structure it is a structure with the same
 * fields and shapes. Tensors of integers and booleans (indices, lengths, masks) have no gradient: they get zeros, where
 * Captum leaves out inputs that need no gradient. Host values stay.
 */
export type Attribution<X extends Structured<X> = Tensor> = (x: X) => X | Promise<X>;
