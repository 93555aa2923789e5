import { replaceKernels } from "./replace-kernel.ts";
import { kernels } from "./tensorflow.generated.ts";

/**
 * Gives tfjs-node, on a processor or an NVIDIA GPU, what it lacks: padding by numbers, without which a convolutional net
 * does not run, volumes with dilation, counts, and what the CPU backend alone can do. Calling it again changes nothing.
 */
export function registerTensorflowKernels(): void {
  replaceKernels("tensorflow", kernels);
}
