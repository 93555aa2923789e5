import { getKernel, type KernelFunc, registerKernel, unregisterKernel } from "@tensorflow/tfjs-core";

/** A kernel of ours, which may leave some cases to the one that was there before. */
export interface Replacement {
  readonly kernelName: string;
  /** The kernel, given the one before, if there was one. */
  readonly make: (before: KernelFunc | undefined) => KernelFunc;
}

/** Puts a kernel in the place of the one registered. Doing it again changes nothing. */
function replaceKernel(backendName: string, replacement: Replacement): void {
  const { kernelName, make } = replacement;
  const builtIn = getKernel(kernelName, backendName);
  const before = builtIn?.kernelFunc;
  for (let layer = before && layers.get(before); layer !== undefined;) {
    if (layer.replacement === replacement) return;
    layer = layer.before && layers.get(layer.before);
  }
  const kernelFunc = make(before);
  if (builtIn !== undefined) unregisterKernel(kernelName, backendName);
  registerKernel({ ...builtIn, kernelName, backendName, kernelFunc }); // its set-up stays, for a backend started anew
  layers.set(kernelFunc, { replacement, before });
}

/** Puts each of these kernels in the place of the one registered. Doing it again changes nothing. */
export function replaceKernels(backendName: string, replacements: readonly Replacement[]): void {
  for (const replacement of replacements) replaceKernel(backendName, replacement);
}

/** What was put over what. */
const layers = new WeakMap<KernelFunc, { replacement: Replacement; before: KernelFunc | undefined }>();
