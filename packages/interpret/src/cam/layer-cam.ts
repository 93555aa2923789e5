import { mul, relu } from "@tensorflow/tfjs-core";
import { cam, type ClassActivationMap } from "./cam.ts";

/**
 * LayerCAM: `ReLU(Σ_k ReLU(G_k) A_k)`, elementwise, which works in early layers too.
 *
 * Jiang et al., 2021, equations 5 to 7. https://doi.org/10.1109/TIP.2021.3089943
 */
export const layerCam: ClassActivationMap = cam((a, g) => mul(a, relu(g)));
