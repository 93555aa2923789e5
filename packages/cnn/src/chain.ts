import { type Layer, Sequential } from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";

/** A layer from feature maps to feature maps. */
export type MapLayer = Layer<Tensor4D, Tensor4D>;

/** Layers from feature maps to feature maps, one after the other; their number depends on a configuration. */
export type Chain = Sequential<readonly MapLayer[]>;

/** Makes a {@link Chain}. */
export function chain(...layers: readonly MapLayer[]): Chain {
  return new Sequential<readonly MapLayer[]>(...layers);
}
