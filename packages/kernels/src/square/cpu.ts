import type { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { type KernelFunc, Square, type TensorInfo } from "@tensorflow/tfjs-core";
import type { CpuKernel } from "../cpu/define-cpu-kernel.ts";

/** Squares of integers modulo 2³², where JavaScript's numbers of 53 bits are not enough. */
export const square: readonly CpuKernel[] = [
  {
    kernelName: Square,
    make: (builtIn): KernelFunc =>
      function squares(call) {
        const { x } = call.inputs as { x: TensorInfo };
        if (x.dtype !== "int32" && builtIn !== undefined) return builtIn(call);
        const backend = call.backend as MathBackendCPU;
        const numbers = backend.data.get(x.dataId).values as Int32Array;
        return backend.makeTensorInfo(
          x.shape,
          "int32",
          numbers.map((n) => Math.imul(n, n)),
        );
      },
  },
];
