import { Sum, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";

interface Attributes {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

/** Sums over axes that are not the last, as the gradient of every bias is; tfjs' own transposes first. */
export const sum: readonly WasmKernel[] = [
  overrideWasmKernel<{ x: TensorInfo }, Attributes>(Sum, (heap, { x }, { axis, keepDims }, builtIn) => {
    const axes = util.parseAxisParam(axis, x.shape).toSorted((a, b) => a - b);
    const [first = 0, last = 0] = [axes[0], axes.at(-1)];
    const isBlock = axes.length > 0 && last - first === axes.length - 1;
    if (!isBlock || last === x.shape.length - 1 || x.dtype !== "float32") return builtIn();
    const [tables, rows, columns] = [
      x.shape.slice(0, first),
      x.shape.slice(first, last + 1),
      x.shape.slice(last + 1),
    ];
    const ones = keepDims ? rows.map(() => 1) : [];
    const sums = heap.make([...tables, ...ones, ...columns]);
    heap.functions.columnSum({
      x: heap.addressOf(x),
      sums: heap.addressOf(sums),
      tables: util.sizeFromShape(tables),
      rows: util.sizeFromShape(rows),
      columns: util.sizeFromShape(columns),
    });
    return sums;
  }),
];
