import { Mean, Sum, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import type { Heap } from "../wasm/heap.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";
import { type Run, runsOf, type SumAttributes } from "./runs.ts";

/**
 * Sums and means in 64 bits, rounded once. tfjs' own add in 32 bits one by one, so that a million numbers lose half of their digits, and transpose
 * first where the axes are not the last.
 */
export const sum: readonly WasmKernel[] = [Sum, Mean].map((name) =>
  overrideWasmKernel<{ x: TensorInfo }, SumAttributes>(name, (heap, { x }, attributes, builtIn) => {
    const isEmpty = util.sizeFromShape(x.shape) === 0;
    if (isEmpty && name === Sum && x.dtype !== "float32")
      return heap.zeros(runsOf(x, attributes).shape, "int32");
    if (!isEmpty && x.dtype !== "float32") return builtIn();
    const { runs, count, shape } = runsOf(x, attributes);
    const summed = runs.reduce((of, run, i) => {
      const isLast = i === runs.length - 1;
      const sums = sumOf(heap, of, run, isLast && name === Mean ? 1 / count : 1);
      if (of !== x) heap.free(of);
      return sums;
    }, x);
    return { ...(summed === x ? heap.share(x) : summed), shape };
  }),
);

/** `factor · Σ x` over rows. */
function sumOf(heap: Heap, x: TensorInfo, { tables, rows, columns }: Run, factor: number): TensorInfo {
  const sums = heap.make([tables, columns]);
  const addresses = { x: heap.addressOf(x), sums: heap.addressOf(sums) };
  if (columns === 1) {
    heap.functions.rowSum({ ...addresses, rows: tables, columns: rows, factor });
    return sums;
  }
  const fold = foldOf(rows, columns);
  heap.borrow({ room: 8 * fold * columns }, (room) => {
    heap.functions.columnSum({ ...addresses, ...room, tables, rows, columns, fold, factor });
  });
  return sums;
}

/** How many rows are taken as one, so that a few columns fill registers of eight numbers. */
function foldOf(rows: number, columns: number): number {
  const least = [1, 2, 4, 8].find((fold) => (fold * columns) % 8 === 0) ?? 1;
  const fold = least * Math.max(1, Math.floor(64 / (least * columns)));
  return columns < 64 && rows >= 8 * fold ? fold : 1;
}
