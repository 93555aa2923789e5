import type { Layer } from "@pellucid/core-train";
import { add, div, mul, relu, square, sum, type Tensor } from "@tensorflow/tfjs-core";
import { type CamOptions, classActivation, type PlacesMap } from "./class-activation.ts";
import type { Score } from "../score/score.ts";

/**
 * `ReLU(Σ_k w_k A_k)`, with `w_k = Σ α ReLU(G_k)` over places and `α = G² / (2 G² + ΣA_k · G³)`: several small places count as much
 * as one large one. Without the exponential that the paper has in front, which only scales the map.
 *
 * Chattopadhyay, Sarkar, Howlader and Balasubramanian, 2018, equation 19. https://arxiv.org/abs/1710.11063
 *
 * @returns `[batch, …places]`, in the layer's own resolution; see {@link upsampleMap}
 */
export function gradCamPlusPlus<X extends Tensor>(
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
        const squared = square(g);
        const denominator = add(mul(squared, 2), mul(sum(a, axes, true), mul(squared, g)));
        const alpha = div(squared, add(denominator, 1e-6));
        return mul(a, sum(mul(alpha, relu(g)), axes, true));
      },
    );
}
