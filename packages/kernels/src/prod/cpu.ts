import type { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { type KernelFunc, Prod, type TensorInfo } from "@tensorflow/tfjs-core";
import type { CpuKernel } from "../cpu/define-cpu-kernel.ts";
import { type Run, runsOf, type SumAttributes } from "../sum/runs.ts";

/** Products of integers modulo 2³², where JavaScript's numbers of 53 bits are not enough. */
export const prod: readonly CpuKernel[] = [
  {
    kernelName: Prod,
    make: (builtIn): KernelFunc =>
      function products(call) {
        const { x } = call.inputs as { x: TensorInfo };
        if (x.dtype !== "int32" && builtIn !== undefined) return builtIn(call);
        const { runs, shape } = runsOf(x, call.attrs as object as SumAttributes);
        const backend = call.backend as MathBackendCPU;
        const numbers = backend.data.get(x.dataId).values as Int32Array;
        return backend.makeTensorInfo(shape, "int32", runs.reduce(productsOf, numbers.slice()));
      },
  },
];

function productsOf(x: Int32Array, { tables, rows, columns }: Run): Int32Array {
  const all = new Int32Array(tables * columns).fill(1);
  let from = 0;
  for (let t = 0; t < tables; t++) {
    for (let r = 0; r < rows; r++) {
      for (let to = t * columns; to < (t + 1) * columns; to++) {
        all[to] = Math.imul(all[to] as number, x[from++] as number);
      }
    }
  }
  return all;
}
