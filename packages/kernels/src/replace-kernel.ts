import { getKernel, type KernelFunc, registerKernel, unregisterKernel } from "@tensorflow/tfjs-core";
import { keepKernels } from "./keep-kernels.ts";

/** A custom kernel, which may leave some cases to the one it replaces. */
export interface Replacement {
  readonly kernelName: string;
  /** The kernel, given the one it replaces, if there is one. */
  readonly make: (previous: KernelFunc | undefined) => KernelFunc;
}

/** Puts a kernel in place of the one registered. Doing it again changes nothing. */
function replaceKernel(backendName: string, replacement: Replacement): void {
  const { kernelName, make } = replacement;
  const builtIn = getKernel(kernelName, backendName);
  const previous = builtIn?.kernelFunc;
  for (let layer = previous && layers.get(previous); layer !== undefined;) {
    if (layer.replacement === replacement) return;
    layer = layer.previous && layers.get(layer.previous);
  }
  const kernelFunc = make(previous);
  if (builtIn !== undefined) unregisterKernel(kernelName, backendName);
  registerKernel({ ...builtIn, kernelName, backendName, kernelFunc }); // its set-up stays, for a backend started anew
  layers.set(kernelFunc, { replacement, previous });
}

/** Puts each of these kernels in place of the one registered, and keeps them. Doing it again changes nothing. */
export function replaceKernels(backendName: string, replacements: readonly Replacement[]): void {
  for (const replacement of replacements) replaceKernel(backendName, replacement);
  keepKernels(backendName);
}

/** The kernels that ours replaced. */
const layers = new WeakMap<KernelFunc, { replacement: Replacement; previous: KernelFunc | undefined }>();
