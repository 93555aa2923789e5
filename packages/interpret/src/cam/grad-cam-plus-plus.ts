import { add, div, mul, relu, square, sum } from "@tensorflow/tfjs-core";
import { cam, type ClassActivationMap } from "./cam.ts";

/**
 * Grad-CAM++: `ReLU(Σ_k w_k A_k)`, with `w_k = Σ α ReLU(G_k)` over the spatial axes and `α = G² / (2 G² + ΣA_k · G³)`, so that several
 * small regions count as much as one large one. Without the paper's exponential of the score, which only scales the map.
 *
 * Chattopadhyay, Sarkar, Howlader and Balasubramanian, 2018, equation 19. https://arxiv.org/abs/1710.11063
 */
export const gradCamPlusPlus: ClassActivationMap = cam((a, g, axes) => {
  const squared = square(g);
  const denominator = add(mul(squared, 2), mul(sum(a, axes, true), mul(squared, g)));
  const alpha = div(squared, add(denominator, 1e-6));
  return mul(a, sum(mul(alpha, relu(g)), axes, true));
});
