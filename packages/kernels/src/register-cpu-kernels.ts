import { kernels } from "./cpu.generated.ts";
import { replaceKernels } from "./replace-kernel.ts";

/**
 * Replaces the kernels of tfjs' CPU backend that are too slow to train with (the gradients of convolutions with respect to their
 * filters, and of `gather`) or wrong (the gradients of resizing). Import the backend first. Calling it again changes nothing.
 */
export function registerCpuKernels(): void {
  replaceKernels("cpu", kernels);
}
