import type { Layer } from "@pellucid/core-train";
import { mul, relu, type Tensor } from "@tensorflow/tfjs-core";
import { type CamOptions, classActivation, type PlacesMap } from "./class-activation.ts";
import type { Score } from "../score/score.ts";

/**
 * `ReLU(Σ_k ReLU(G_k) A_k)`, each positive gradient at its own place, which works in early layers too.
 *
 * Jiang et al., 2021, equations 5 to 7. https://doi.org/10.1109/TIP.2021.3089943
 *
 * @returns `[batch, …places]`, in the layer's own resolution; see {@link upsampleMap}
 */
export function layerCam<X extends Tensor>(
  score: Score<X>,
  layer: Layer<never, Tensor>,
  options: CamOptions = {},
): (x: X) => PlacesMap {
  return (x) =>
    classActivation(
      layer,
      () => score(x),
      options,
      (a, g) => mul(a, relu(g)),
    );
}
