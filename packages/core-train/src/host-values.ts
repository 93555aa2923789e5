import { backend, type Tensor } from "@tensorflow/tfjs-core";
import { tracing } from "./trace/tracer.ts";
import { checkTensor } from "./check-tensor.ts";

/**
 * The values of `x` where reading them is cheap, or `null` where they may lie on a graphics card: reading those would
 * wait for everything that is still to be computed. Checks of values are made with it, so they cost nothing. While a model is traced
 * it is `null` too: a graph has no checks.
 */
export function hostValues(x: Tensor): ArrayLike<number> | null {
  checkTensor("hostValues", "x", x);
  if (tracing.tracer !== null) return null;
  const { uploadToGPU, isGPUPackage } = backend() as { uploadToGPU?: unknown; isGPUPackage?: unknown };
  return uploadToGPU === undefined && isGPUPackage !== true ? x.dataSync() : null;
}
