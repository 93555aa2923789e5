import { kernels } from "./cpu.generated.ts";
import { replaceKernels } from "./replace-kernel.ts";

/**
 * Gives tfjs' CPU backend kernels instead of those that are too slow to train with, the gradients of convolutions at their
 * filters and of `gather`, and of those that are wrong, the gradients of resizing. Call it once the backend is imported; calling it again changes nothing.
 */
export function registerCpuKernels(): void {
  replaceKernels("cpu", kernels);
}
