import { ArgMax, ArgMin, type NamedAttrMap, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";

/** Where the first extreme along the last axis is. tfjs' own pass over what is not a number, which wins in PyTorch. */
export const argMax: readonly WasmKernel[] = [ArgMax, ArgMin].map((name) =>
  overrideWasmKernel<{ x: TensorInfo }, { axis: number } & NamedAttrMap>(
    name,
    (heap, { x }, { axis }, builtIn) => {
      const [along = 0] = util.parseAxisParam(axis, x.shape);
      if (x.dtype !== "float32" || along !== x.shape.length - 1) return builtIn();
      const [rows, columns] = [util.sizeFromShape(x.shape.slice(0, -1)), x.shape[along] ?? 1];
      const indices = heap.make(x.shape.slice(0, -1), "int32");
      const addresses = { x: heap.addressOf(x), indices: heap.addressOf(indices) };
      heap.functions.argMax({ ...addresses, rows, columns, sign: name === ArgMax ? 1 : -1 });
      return indices;
    },
  ),
);
