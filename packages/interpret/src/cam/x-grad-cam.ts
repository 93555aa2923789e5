import { add, div, mul, sum } from "@tensorflow/tfjs-core";
import { cam, type ClassActivationMap } from "./cam.ts";

/**
 * XGrad-CAM: `ReLU(Σ_k w_k A_k)`, with `w_k = Σ G_k A_k / Σ A_k` over the spatial axes, which brings the map's sum closest to the score.
 *
 * Fu et al., 2020, equation 13. https://arxiv.org/abs/2008.02312
 */
export const xGradCam: ClassActivationMap = cam((a, g, axes) => {
  const weight = div(sum(mul(a, g), axes, true), add(sum(a, axes, true), 1e-7)); // [batch, …1, channel]
  return mul(a, weight);
});
