import { registerArithmeticGradients } from "./register-arithmetic-gradients.ts";
import { registerComplexGradients } from "./register-complex-gradients.ts";
import { registerEinsumGradient } from "./register-einsum-gradient.ts";
import { registerImageGradients } from "./register-image-gradients.ts";
import { registerPlaceGradients } from "./register-place-gradients.ts";
import { registerScanGradients } from "./register-scan-gradients.ts";
import { registerSparseGradients } from "./register-sparse-gradients.ts";
import { registerWarpGradients } from "./register-warp-gradients.ts";
import { registerWindowGradients } from "./register-window-gradients.ts";

/** Gives tfjs' ops the gradients that it lacks or gets wrong; docs/tfjs-defects.md lists them. */
export function registerTfjsGradients(): void {
  registerArithmeticGradients();
  registerComplexGradients();
  registerEinsumGradient();
  registerImageGradients();
  registerPlaceGradients();
  registerScanGradients();
  registerSparseGradients();
  registerWarpGradients();
  registerWindowGradients();
}
