import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { Elu, Exp, Log, type KernelFunc, type TensorInfo } from "@tensorflow/tfjs-core";
import type { WebgpuKernel } from "../webgpu/define-webgpu-kernel.ts";
import { flatProgram } from "../webgpu/flat-program.ts";

const formulas = {
  [Exp]: "exp(value)",
  [Elu]: "select(exp(value) - 1.0, value, value >= 0.0)",
  [Log]:
    "select(select(select(log(value), nan, value < 0.0), -infinity, value == 0.0), value, value == infinity)",
};

/** Exp, ELU and log with PyTorch's results for NaN, zero and ∞, which tfjs' own kernels leave to the GPU. */
export const exp: readonly WebgpuKernel[] = Object.entries(formulas).map(([kernelName, formula]) => ({
  kernelName,
  make: (builtIn): KernelFunc =>
    function composed(call) {
      const { x } = call.inputs as { x: TensorInfo };
      const isOurs = x.dtype === "float32" && !x.shape.includes(0) && x.shape.length <= 6;
      if (!isOurs && builtIn !== undefined) return builtIn(call);
      const body = `
        let bits = bitcast<u32>(x[index]);
        let value = x[index];
        var special = vec2<u32>(0x7f800000u, 0x7fc00000u); // a variable, since WGSL refuses constants that are NaN or infinite
        let infinity = bitcast<f32>(special.x);
        let nan = bitcast<f32>(special.y);
        result[index] = ${formula};
        if ((bits & 0x7fffffffu) > 0x7f800000u) { result[index] = bitcast<f32>(bits); }`;
      const program = flatProgram(`pellucid${kernelName}`, ["x"], x.shape, body);
      return (call.backend as WebGPUBackend).runWebGPUProgram(program, [x], "float32");
    },
}));
