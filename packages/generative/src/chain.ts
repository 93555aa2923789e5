import { type Layer, Sequential } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";

/** Layers that keep the rank of a tensor, one after the other; their number depends on options. */
export type Chain<X extends Tensor> = Sequential<readonly Layer<X, X>[]>;

/** Makes a {@link Chain}. */
export function chain<X extends Tensor>(...layers: readonly Layer<X, X>[]): Chain<X> {
  return new Sequential<readonly Layer<X, X>[]>(...layers);
}
