import type { Layer } from "@pellucid/core-train";
import { type Tensor } from "@tensorflow/tfjs-core";
import { type CamOptions, classActivation, type PlacesMap, byMeanGradient } from "./class-activation.ts";
import type { Score } from "../score/score.ts";

/**
 * Where a layer saw what argues for the score: `ReLU(Σ_k w_k A_k)`, with `w_k` the mean of `∂ score / ∂ A_k` over places.
 *
 * Selvaraju et al., 2017, equations 1 and 2. https://arxiv.org/abs/1610.02391
 *
 * @returns `[batch, …places]`, in the layer's own resolution; see {@link upsampleMap}
 */
export function gradCam<X extends Tensor>(
  score: Score<X>,
  layer: Layer<never, Tensor>,
  options: CamOptions = {},
): (x: X) => PlacesMap {
  return (x) => classActivation(layer, () => score(x), options, byMeanGradient);
}
