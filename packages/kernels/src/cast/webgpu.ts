import type { WebGPUBackend, WebGPUProgram } from "@tensorflow/tfjs-backend-webgpu";
import { Cast, type KernelFunc, type TensorInfo } from "@tensorflow/tfjs-core";
import type { ComposedKernel } from "../composed/define-composed-kernel.ts";
import { flatProgram } from "../webgpu/flat-program.ts";

/**
 * tfjs' own casts to float in name only, and leaves integers in the buffer. The kernels that read buffers without a
 * conversion (`transpose`, and with it sums) then do not compile, without a word.
 */
export const cast: readonly ComposedKernel[] = [
  {
    kernelName: Cast,
    make: (builtIn) =>
      function composed(call) {
        const { x } = call.inputs as { x: TensorInfo };
        const { dtype } = call.attrs as { dtype: string };
        const isWhole = x.dtype === "int32" || x.dtype === "bool";
        if (!isWhole || dtype !== "float32" || x.shape.length > 6) return (builtIn as KernelFunc)(call);
        const backend = call.backend as WebGPUBackend;
        return backend.runWebGPUProgram(toFloat(x.shape), [x], "float32");
      },
  },
];

const toFloat = (shape: readonly number[]): WebGPUProgram =>
  flatProgram("pellucidToFloat", ["x"], shape, "setOutputAtIndex(index, f32(x[index]));");
