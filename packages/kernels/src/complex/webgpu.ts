import { Imag, type KernelFunc, Real, type TensorInfo } from "@tensorflow/tfjs-core";
import type { ComposedKernel } from "../composed/define-composed-kernel.ts";

/** tfjs' own give the parts in the shape that the numbers had before they were reshaped. */
export const complexParts: readonly ComposedKernel[] = [Real, Imag].map((kernelName) => ({
  kernelName,
  make: (builtIn) =>
    function composed(call) {
      const { input } = call.inputs as { input: TensorInfo };
      const part = (builtIn as KernelFunc)(call) as TensorInfo;
      return { dataId: part.dataId, dtype: part.dtype, shape: input.shape };
    },
}));
