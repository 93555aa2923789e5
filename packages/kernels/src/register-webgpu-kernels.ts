import { getBackend } from "@tensorflow/tfjs-core";
import { replaceKernels } from "./replace-kernel.ts";
import { kernels } from "./webgpu.generated.ts";

/**
 * Gives tfjs' WebGPU backend, which must be the active one, right kernels instead of those that are wrong. Calling it
 * again changes nothing.
 *
 * @throws RangeError if another backend is active
 */
export function registerWebgpuKernels(): void {
  if (getBackend() !== "webgpu") {
    throw new RangeError(
      `registerWebgpuKernels: the active backend is ${getBackend()}, expected webgpu. Await setBackend("webgpu") first.`,
    );
  }
  replaceKernels("webgpu", kernels);
}
