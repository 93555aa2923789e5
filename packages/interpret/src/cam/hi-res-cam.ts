import { mul } from "@tensorflow/tfjs-core";
import { cam, type ClassActivationMap } from "./cam.ts";

/**
 * HiResCAM: `ReLU(Σ_k G_k A_k)`, elementwise. Where only linear layers follow, the signed map adds up to the score without its bias,
 * which that of {@link gradCam} need not.
 *
 * Draelos and Carin, 2020, equation 4. https://arxiv.org/abs/2011.08891
 */
export const hiResCam: ClassActivationMap = cam((a, g) => mul(a, g));
