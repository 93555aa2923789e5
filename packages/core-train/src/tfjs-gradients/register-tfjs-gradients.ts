import { registerArithmeticGradients } from "./register-arithmetic-gradients.ts";
import { registerComplexGradients } from "./register-complex-gradients.ts";
import { registerConvolutionGradients } from "./register-convolution-gradients.ts";
import { registerEinsumGradient } from "./register-einsum-gradient.ts";
import { registerImageGradients } from "./register-image-gradients.ts";
import { registerMirrorGradient } from "./register-mirror-gradient.ts";
import { registerNeighborhoodGradients } from "./register-neighborhood-gradients.ts";
import { registerPoolingGradients } from "./register-pooling-gradients.ts";
import { registerIndexingGradients } from "./register-indexing-gradients.ts";
import { registerScanGradients } from "./register-scan-gradients.ts";
import { registerSparseGradients } from "./register-sparse-gradients.ts";
import { registerWarpGradients } from "./register-warp-gradients.ts";
import { registerVolumeGradients } from "./register-volume-gradients.ts";

/** Gives tfjs' ops the gradients that it lacks or gets wrong; docs/tfjs-defects.md lists them. */
export function registerTfjsGradients(): void {
  registerArithmeticGradients();
  registerComplexGradients();
  registerEinsumGradient();
  registerImageGradients();
  registerIndexingGradients();
  registerMirrorGradient();
  registerScanGradients();
  registerSparseGradients();
  registerWarpGradients();
  registerConvolutionGradients();
  registerVolumeGradients();
  registerPoolingGradients();
  registerNeighborhoodGradients();
}
