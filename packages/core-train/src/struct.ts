import type { Tensor } from "@tensorflow/tfjs-core";

/**
 * What goes into a model and comes out of it: a tensor, or a list or record of structures. An image with its time, a text with its
 * lengths, boxes with their scores are records.
 */
export type Struct = Tensor | readonly Struct[] | { readonly [name: string]: Struct };
