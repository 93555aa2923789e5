import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { BitwiseAnd, type TensorInfo } from "@tensorflow/tfjs-core";
import type { ComposedKernel } from "../composed/define-composed-kernel.ts";
import { flatProgram } from "../webgpu/flat-program.ts";

/** The bits that two integers share, which tfjs' WebGPU backend lacks. */
export const bitwiseAnd: readonly ComposedKernel[] = [
  {
    kernelName: BitwiseAnd,
    make: (builtIn) =>
      builtIn ??
      function composed(call) {
        const { a, b } = call.inputs as { a: TensorInfo; b: TensorInfo };
        const body = "setOutputAtIndexI32(index, a[index] & b[index]);";
        const program = flatProgram("pellucidBitwiseAnd", ["a", "b"], a.shape, body);
        return (call.backend as WebGPUBackend).runWebGPUProgram(program, [a, b], "int32");
      },
  },
];
