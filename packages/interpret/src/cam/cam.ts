import { checkArguments, gradientAt, type Layer, type Structured } from "@pellucid/core-train";
import { relu, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Score } from "../score/score.ts";
import { spatialAxes, type SpatialMap } from "./spatial-map.ts";

/** Options for {@link ClassActivationMap}. */
export interface CamOptions {
  /** Whether to keep only the evidence for the class, by a ReLU, as the papers do. Default: true. */
  readonly positive?: boolean;
}

/** Weights a layer's activations by its gradients: both `[batch, …spatial, channel]`, as is the result, which is summed over channels. */
export type CamWeighting = (activations: Tensor, gradients: Tensor, spatialAxes: number[]) => Tensor;

/** From a score and a layer to the map of an input: `[batch, …spatial]`, in the layer's own resolution; see {@link upsampleMap}. */
export type ClassActivationMap = <X extends Structured<X>>(
  score: Score<X>,
  layer: Layer<never, Tensor>,
  options?: CamOptions,
) => (x: X) => SpatialMap;

/** A class activation map by gradients: `ReLU(Σ_k weigh(A, G)_k)`, with activations `A`, `G = ∂ score / ∂ A` and channels `k`. */
export function cam(weigh: CamWeighting): ClassActivationMap {
  checkArguments("cam", { function: { weigh } });
  return (score, layer, { positive = true } = {}) =>
    (x) =>
      tidy(() => {
        const { output, gradient } = gradientAt(layer, () => score(x)); // [batch, …spatial, channel]
        const map = sum(weigh(output, gradient, spatialAxes(output)), -1); // [batch, …spatial]
        return positive ? relu(map) : map;
      });
}
