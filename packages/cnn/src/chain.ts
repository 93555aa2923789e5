import { type Layer, Sequential } from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";

/** A layer from maps to maps. */
export type MapLayer = Layer<Tensor4D, Tensor4D>;

/** Layers from maps to maps, one after the other, of a number that a configuration decides. */
export type Chain = Sequential<readonly MapLayer[]>;

/** Makes a {@link Chain}. */
export function chain(...layers: readonly MapLayer[]): Chain {
  return new Sequential<readonly MapLayer[]>(...layers);
}
