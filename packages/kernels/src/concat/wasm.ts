import { backend_util, Concat, Pack, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";
import type { Heap } from "../wasm/heap.ts";

type Inputs = Readonly<Record<string, TensorInfo>>;

/** Puts tensors side by side; tfjs' own go row by row through JavaScript. */
export const concat: readonly WasmKernel[] = [
  overrideWasmKernel<Inputs, { readonly axis: number }>(Concat, (heap, inputs, { axis }, builtIn) => {
    const parts = Object.values(inputs);
    const along = util.parseAxisParam(axis, parts[0]?.shape ?? [])[0] as number;
    backend_util.assertParamsConsistent(shapesOf(parts), along);
    if (!areNumbers(parts)) return builtIn();
    return joined(heap, parts, along, backend_util.computeOutShape(shapesOf(parts), along));
  }),
  overrideWasmKernel<Inputs, { readonly axis: number }>(Pack, (heap, inputs, { axis }, builtIn) => {
    const parts = Object.values(inputs);
    const shape = parts[0]?.shape ?? [];
    for (const part of parts) {
      util.assertShapesMatch(shape, part.shape, "All tensors passed to stack must have matching shapes");
    }
    if (!areNumbers(parts)) return builtIn();
    const along = axis < 0 ? axis + shape.length + 1 : axis;
    return joined(heap, parts, along, shape.toSpliced(along, 0, parts.length));
  }),
];

const shapesOf = (parts: readonly TensorInfo[]) => parts.map(({ shape }) => shape);

function areNumbers(parts: readonly TensorInfo[]): boolean {
  const dtype = parts[0]?.dtype;
  return dtype !== "string" && dtype !== "complex64" && parts.every((part) => part.dtype === dtype);
}

/** Row after row of each part, to where it is in the rows of the whole. */
function joined(
  heap: Heap,
  parts: readonly TensorInfo[],
  axis: number,
  shape: readonly number[],
): TensorInfo {
  const { dtype } = parts[0] as TensorInfo;
  const y = heap.make(shape, dtype);
  const rows = util.sizeFromShape(shape.slice(0, axis));
  if (util.sizeFromShape([...shape]) === 0) return y;
  const inRow = (of: readonly number[]) => (util.sizeFromShape([...of]) / rows) * util.bytesPerElement(dtype);
  const step = inRow(shape);
  let to = heap.addressOf(y);
  for (const part of parts) {
    const bytes = inRow(part.shape);
    heap.functions.copyRows({ from: heap.addressOf(part), to, rows, bytes, fromStep: bytes, toStep: step });
    to += bytes;
  }
  return y;
}
