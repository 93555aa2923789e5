import type { Tensor } from "@tensorflow/tfjs-core";

/** What a tool returns: it explains a batch, now or later, with a tensor of the batch's shape. */
export type Attribution<X extends Tensor = Tensor> = (x: X) => X | Promise<X>;
