import type { Tensor } from "@tensorflow/tfjs-core";

/** A map over the spatial axes of a layer, in the layer's own resolution: `[batch, …spatial]`. */
export type SpatialMap = Tensor;

/** The axes between batch and channel. */
export function spatialAxes(activations: Tensor): number[] {
  return Array.from({ length: activations.rank - 2 }, (_, i) => i + 1);
}
