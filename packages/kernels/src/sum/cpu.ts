import type { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { type KernelFunc, Mean, Sum, type TensorInfo } from "@tensorflow/tfjs-core";
import type { CpuKernel } from "../cpu/define-cpu-kernel.ts";
import { type Run, runsOf, type SumAttributes } from "./runs.ts";

/** Sums and means over any axes. tfjs' own transpose first where the axes are not the last, and its mean rounds each number before it adds it. */
export const sum: readonly CpuKernel[] = [Sum, Mean].map((kernelName) => ({
  kernelName,
  make: (builtIn): KernelFunc =>
    function kernel(call) {
      const { x } = call.inputs as { x: TensorInfo };
      if (x.dtype !== "float32" && kernelName === Sum && builtIn !== undefined) return builtIn(call);
      const { runs, count, shape } = runsOf(x, call.attrs as object as SumAttributes);
      const backend = call.backend as MathBackendCPU;
      const numbers = backend.data.get(x.dataId).values as Float32Array;
      const sums = runs.reduce<Float32Array | Float64Array>(sumOf, numbers);
      const divisor = kernelName === Mean ? count : 1;
      return backend.makeTensorInfo(
        shape,
        "float32",
        Float32Array.from(sums, (of) => of / divisor),
      );
    },
}));

function sumOf(x: Float32Array | Float64Array, { tables, rows, columns }: Run): Float64Array {
  const sums = new Float64Array(tables * columns);
  let from = 0;
  for (let t = 0; t < tables; t++) {
    for (let r = 0; r < rows; r++) {
      for (let to = t * columns; to < (t + 1) * columns; to++) {
        sums[to] = (sums[to] as number) + (x[from++] as number);
      }
    }
  }
  return sums;
}
