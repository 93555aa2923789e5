import { Sum, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

interface Attributes {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

/** Sums over axes that are not the last, as the gradient of every bias is; tfjs' own transposes first. */
export const sum: readonly WasmKernel[] = [
  defineWasmKernel<{ x: TensorInfo }, Attributes>(Sum, (heap, { x }, { axis, keepDims }, builtIn) => {
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
    const [times, deep, wide] = [tables, rows, columns].map(util.sizeFromShape) as [number, number, number];
    heap.functions.columnSum(heap.addressOf(x), heap.addressOf(sums), times, deep, wide);
    return sums;
  }),
];
