import { ArgMax, ArgMin, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { type CpuKernel, defineCpuKernel } from "../cpu/define-cpu-kernel.ts";

/** Where the first extreme along an axis is. tfjs' own pass over what is not a number, which wins in PyTorch. */
export const argMax: readonly CpuKernel[] = [ArgMax, ArgMin].map((name) =>
  defineCpuKernel<{ x: TensorInfo }, { readonly axis: number }>(name, (numbersOf, { x }, { axis }) => {
    const [along = 0] = util.parseAxisParam(axis, x.shape);
    const rows = x.shape[along] ?? 1;
    const columns = util.sizeFromShape(x.shape.slice(along + 1));
    const shape = x.shape.toSpliced(along, 1);
    const [numbers, sign] = [numbersOf(x), name === ArgMax ? 1 : -1];
    const indices = new Int32Array(util.sizeFromShape(shape));
    for (const i of indices.keys()) {
      const start = Math.floor(i / columns) * rows * columns + (i % columns);
      let best = sign * (numbers[start] ?? 0);
      for (let row = 1; row < rows && !Number.isNaN(best); row++) {
        const value = sign * (numbers[start + row * columns] ?? 0);
        if (value <= best) continue;
        best = value;
        indices[i] = row;
      }
    }
    return { numbers: indices, shape };
  }),
);
