import { registerArithmeticGradients } from "./register-arithmetic-gradients.ts";
import { registerComplexGradients } from "./register-complex-gradients.ts";
import { registerConvolutionGradients } from "./register-convolution-gradients.ts";
import { registerEinsumGradient } from "./register-einsum-gradient.ts";
import { registerImageGradients } from "./register-image-gradients.ts";
import { registerIndexingGradients } from "./register-indexing-gradients.ts";
import { registerMirrorGradient } from "./register-mirror-gradient.ts";
import { registerNeighborhoodGradients } from "./register-neighborhood-gradients.ts";
import { registerPoolingGradients } from "./register-pooling-gradients.ts";
import { registerScanGradients } from "./register-scan-gradients.ts";
import { registerSparseGradients } from "./register-sparse-gradients.ts";
import { registerVolumeGradients } from "./register-volume-gradients.ts";
import { registerWarpGradients } from "./register-warp-gradients.ts";

/** Registers gradients for tfjs ops whose own is missing or wrong, one function per family of ops; see docs/tfjs-defects.md. */
export function registerTfjsGradients(): void {
  registerArithmeticGradients();
  registerComplexGradients();
  registerEinsumGradient();
  registerImageGradients(); // ResizeBilinear, ResizeNearestNeighbor, CropAndResize
  registerIndexingGradients();
  registerMirrorGradient(); // MirrorPad
  registerScanGradients(); // Cumsum, Cumprod, Prod
  registerSparseGradients();
  registerWarpGradients(); // Transform, RotateWithOffset
  registerConvolutionGradients();
  registerVolumeGradients(); // Conv3D
  registerPoolingGradients();
  registerNeighborhoodGradients(); // Dilation2D, LRN
}
