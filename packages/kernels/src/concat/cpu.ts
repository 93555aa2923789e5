import type { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { Concat, type KernelFunc, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { CpuKernel } from "../cpu/define-cpu-kernel.ts";

/** Of no numbers, tfjs' own gives a list that other kernels cannot read. */
export const concat: readonly CpuKernel[] = [
  {
    kernelName: Concat,
    make: (builtIn) => {
      const kernel: KernelFunc = (call) => {
        if (builtIn === undefined) throw new Error("Concat: tfjs' CPU backend has no kernel.");
        const y = builtIn(call) as TensorInfo;
        if (y.dtype === "string" || y.dtype === "complex64" || util.sizeFromShape(y.shape) > 0) return y;
        const backend = call.backend as MathBackendCPU;
        backend.disposeIntermediateTensorInfo(y);
        return backend.makeTensorInfo(y.shape, y.dtype, util.getTypedArrayFromDType(y.dtype, 0));
      };
      return kernel;
    },
  },
];
