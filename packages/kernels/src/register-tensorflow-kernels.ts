import { registerComposedKernels } from "./composed/define-composed-kernel.ts";
import { counting } from "./tensorflow/counting.ts";
import { dilatedConv3d } from "./tensorflow/dilated-conv3d.ts";
import { explicitPadding } from "./tensorflow/explicit-padding.ts";

/**
 * Gives tfjs-node, on a processor or an NVIDIA GPU, what it lacks: padding by numbers, without which a convolutional net
 * does not run, volumes with dilation, counts. Calling it again changes nothing.
 */
export function registerTensorflowKernels(): void {
  registerComposedKernels("tensorflow", [...counting, ...dilatedConv3d, ...explicitPadding]);
}
