import { ArgMax, ArgMin, type NamedAttrMap, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";
import { sizeAlong } from "../size-along.ts";

/** Where the first extreme along an axis is. tfjs' own pass over what is not a number, which wins in PyTorch. */
export const argMax: readonly WasmKernel[] = [ArgMax, ArgMin].map((name) =>
  overrideWasmKernel<{ x: TensorInfo }, { axis: number } & NamedAttrMap>(
    name,
    (heap, { x }, { axis }, builtIn) => {
      const [along = 0] = util.parseAxisParam(axis, x.shape);
      if (x.dtype !== "float32") return builtIn();
      const indices = heap.make(x.shape.toSpliced(along, 1), "int32");
      if (util.sizeFromShape(x.shape) === 0) return indices;
      heap.functions.argMax({
        x: heap.addressOf(x),
        indices: heap.addressOf(indices),
        outer: util.sizeFromShape(x.shape.slice(0, along)),
        count: sizeAlong(x.shape, along),
        inner: util.sizeFromShape(x.shape.slice(along + 1)),
        sign: name === ArgMax ? 1 : -1,
      });
      return indices;
    },
  ),
);
