import type { Layer } from "@pellucid/core-train";
import { add, div, mul, sum, type Tensor } from "@tensorflow/tfjs-core";
import { type CamOptions, classActivation, type PlacesMap } from "./class-activation.ts";
import type { Score } from "../score/score.ts";

/**
 * `ReLU(Σ_k w_k A_k)`, with `w_k = Σ G_k A_k / Σ A_k` over places: the weights by which the map adds up to the score best.
 *
 * Fu et al., 2020, equation 13. https://arxiv.org/abs/2008.02312
 *
 * @returns `[batch, …places]`, in the layer's own resolution; see {@link upsampleMap}
 */
export function xGradCam<X extends Tensor>(
  score: Score<X>,
  layer: Layer<never, Tensor>,
  options: CamOptions = {},
): (x: X) => PlacesMap {
  return (x) =>
    classActivation(
      layer,
      () => score(x),
      options,
      (a, g, axes) => {
        const weight = div(sum(mul(a, g), axes, true), add(sum(a, axes, true), 1e-7)); // [batch, …1, channel]
        return mul(a, weight);
      },
    );
}
