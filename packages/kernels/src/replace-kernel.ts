import { getKernel, type KernelFunc, registerKernel, unregisterKernel } from "@tensorflow/tfjs-core";
import { keepKernels } from "./keep-kernels.ts";

/** A custom kernel, which may call the one it replaces for some cases. */
export interface Replacement {
  readonly kernelName: string;
  /** Makes the kernel. `previous` is the one that it replaces, if any. */
  readonly make: (previous: KernelFunc | undefined) => KernelFunc;
}

/** Registers a kernel in place of the registered one. Calling it again has no effect. */
function replaceKernel(backendName: string, replacement: Replacement): void {
  const { kernelName, make } = replacement;
  const registered = getKernel(kernelName, backendName);
  const previous = registered?.kernelFunc;
  // Another replacement may have come after this one: look through all kernels below the registered one.
  for (let own = previous && ownKernels.get(previous); own !== undefined;) {
    if (own.replacement === replacement) return;
    own = own.previous && ownKernels.get(own.previous);
  }
  const kernelFunc = make(previous);
  if (registered !== undefined) unregisterKernel(kernelName, backendName);
  registerKernel({ ...registered, kernelName, backendName, kernelFunc }); // keeps setupFunc, which tfjs calls when the backend starts
  ownKernels.set(kernelFunc, { replacement, previous });
}

/** Registers kernels in place of the registered ones, and stops tfjs from putting its own back. Calling it again has no effect. */
export function replaceKernels(backendName: string, replacements: readonly Replacement[]): void {
  for (const replacement of replacements) replaceKernel(backendName, replacement);
  keepKernels(backendName);
}

/** For each kernel made by a {@link Replacement}: the replacement, and the kernel that it replaced. */
const ownKernels = new WeakMap<KernelFunc, { replacement: Replacement; previous: KernelFunc | undefined }>();
