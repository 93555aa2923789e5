import type { Layer } from "@pellucid/core-train";
import { mul, type Tensor } from "@tensorflow/tfjs-core";
import { type CamOptions, classActivation, type PlacesMap } from "./class-activation.ts";
import type { Score } from "../score/score.ts";

/**
 * `ReLU(Σ_k G_k A_k)`, each gradient at its own place. Where the layer is followed by something linear it adds up to that part of
 * the score, which {@link gradCam} does not.
 *
 * Draelos and Carin, 2020, equation 4. https://arxiv.org/abs/2011.08891
 *
 * @returns `[batch, …places]`, in the layer's own resolution; see {@link upsampleMap}
 */
export function hiResCam<X extends Tensor>(
  score: Score<X>,
  layer: Layer<never, Tensor>,
  options: CamOptions = {},
): (x: X) => PlacesMap {
  return (x) =>
    classActivation(
      layer,
      () => score(x),
      options,
      (a, g) => mul(a, g),
    );
}
