import { mean, mul } from "@tensorflow/tfjs-core";
import { cam, type ClassActivationMap } from "./cam.ts";

/**
 * Grad-CAM: `ReLU(Σ_k w_k A_k)`, with `w_k` the mean of `∂ score / ∂ A_k` over the spatial axes.
 *
 * The mean fits nets that end in a global average. Where a linear layer reads each position by its own weights, the map can be all zero;
 * {@link hiResCam} then adds up to the score.
 *
 * Selvaraju et al., 2017, equations 1 and 2. https://arxiv.org/abs/1610.02391
 */
export const gradCam: ClassActivationMap = cam((a, g, axes) => mul(a, mean(g, axes, true)));
