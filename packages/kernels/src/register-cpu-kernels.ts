import { getKernel, registerKernel, unregisterKernel } from "@tensorflow/tfjs-core";
import { complexBroadcast } from "./complex/arithmetic.ts";
import { conv2dFilter } from "./conv2d-filter/cpu.ts";
import type { CpuKernel } from "./cpu/define-cpu-kernel.ts";
import { registerComposedKernels } from "./composed/define-composed-kernel.ts";
import { broadcastMatMul } from "./mat-mul/composed.ts";
import { resizeGradient } from "./resize-gradient/cpu.ts";
import { stridedSlice } from "./strided-slice/composed.ts";
import { transformEach } from "./transform/each.ts";
import { unsortedSegmentSum } from "./unsorted-segment-sum/cpu.ts";

const kernels: readonly CpuKernel[] = [...conv2dFilter, ...unsortedSegmentSum];

/**
 * Gives tfjs' CPU backend kernels in place of those that are too slow to train with, the gradients of convolutions at their
 * filters and of `gather`, and of those that are wrong, the gradients of resizing. Call it once the backend is imported; calling it again changes nothing.
 */
export function registerCpuKernels(): void {
  for (const { kernelName, kernelFunc } of kernels) {
    if (getKernel(kernelName, "cpu") !== undefined) unregisterKernel(kernelName, "cpu");
    registerKernel({ kernelName, backendName: "cpu", kernelFunc });
  }
  registerComposedKernels("cpu", [
    ...broadcastMatMul,
    ...complexBroadcast,
    ...resizeGradient,
    ...stridedSlice,
    transformEach,
  ]);
}
