import type { WebGPUBackend, WebGPUProgram } from "@tensorflow/tfjs-backend-webgpu";
import { ArgMax, ArgMin, type KernelFunc, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WebgpuKernel } from "../webgpu/define-webgpu-kernel.ts";
import { flatProgram } from "../webgpu/flat-program.ts";

/** Where the first extreme along an axis is. tfjs' own pass over what is not a number, which wins in PyTorch. */
export const argMax: readonly WebgpuKernel[] = [ArgMax, ArgMin].map((kernelName) => ({
  kernelName,
  make: (builtIn): KernelFunc =>
    function composed(call) {
      const { x } = call.inputs as { x: TensorInfo };
      if (builtIn === undefined) throw new Error(`${kernelName}: tfjs' WebGPU backend has no kernel.`);
      const { axis } = call.attrs as object as { axis: number };
      const [along = 0] = util.parseAxisParam(axis, x.shape);
      const shape = x.shape.toSpliced(along, 1);
      if (x.dtype !== "float32" || util.sizeFromShape(x.shape) === 0) return builtIn(call);
      const backend = call.backend as WebGPUBackend;
      const keys = backend.runWebGPUProgram(keysOf(x.shape, kernelName === ArgMax), [x], "float32");
      const indices = builtIn({ ...call, inputs: { x: keys } });
      backend.disposeData(keys.dataId);
      return { ...(indices as TensorInfo), shape };
    },
}));

/** The same order, where NaN is the infinity that wins, and that is the number next to it. */
function keysOf(shape: readonly number[], isLargest: boolean): WebGPUProgram {
  const sign = isLargest ? "0x00000000u" : "0x80000000u";
  return flatProgram(
    `pellucidOrder${isLargest}`,
    ["x"],
    shape,
    `
      var bits = bitcast<u32>(x[index]);
      let infinity = 0x7f800000u | ${sign};
      if (bits == infinity) { bits = infinity - 1u; }
      if ((bits & 0x7fffffffu) > 0x7f800000u) { bits = infinity; }
      result[index] = bitcast<f32>(bits);`,
  );
}
