import {
  add,
  backend_util,
  gather,
  GatherV2,
  range,
  reshape,
  type Tensor,
  type TensorInfo,
  transpose,
  util,
} from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";
import { sizeAlong } from "../size-along.ts";

interface Attributes {
  readonly axis: number;
  readonly batchDims: number;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

/** Parts along an axis, by their index. The indices are checked in a way that a recorded step repeats. */
export const gatherParts: readonly WasmKernel[] = [
  overrideWasmKernel<{ x: TensorInfo; indices: TensorInfo }, Attributes>(
    GatherV2,
    (heap, { x, indices }, { axis, batchDims }, builtIn) => {
      if (batchDims !== 0 || x.dtype === "string" || x.dtype === "complex64" || indices.dtype !== "int32")
        return builtIn();
      const along = util.parseAxisParam(axis, x.shape)[0] as number;
      const size = sizeAlong(x.shape, along);
      heap.check(indices, (numbers) => checkIndices(numbers, size));
      const { outputShape } = backend_util.segment_util.collectGatherOpShapeInfo(
        x as Tensor,
        indices as Tensor,
        along,
        batchDims,
      );
      const y = heap.make(outputShape, x.dtype);
      heap.functions.gatherParts({
        x: heap.addressOf(x),
        indices: heap.addressOf(indices),
        y: heap.addressOf(y),
        outer: sizeOf(x.shape.slice(0, along)),
        size,
        count: sizeOf(indices.shape),
        bytes: sizeOf(x.shape.slice(along + 1)) * util.bytesPerElement(x.dtype),
      });
      return y;
    },
  ),
];

function checkIndices(indices: ArrayLike<number>, size: number): void {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] as number;
    if (index < 0 || index >= size)
      throw new Error(`GatherV2: the index value ${index} is not in [0, ${size - 1}]`);
  }
}

/** tfjs' own takes all from the first of a batch. */
export const gatherInBatch: readonly ComposedKernel[] = [
  defineComposedKernel<{ x: Tensor; indices: Tensor }, Attributes>(
    GatherV2,
    ({ x, indices }, { axis, batchDims }) => {
      if (batchDims === 0) return null;
      backend_util.segment_util.collectGatherOpShapeInfo(x, indices, axis, batchDims); // refuses what does not fit
      const along = axis < 0 ? axis + x.rank : axis;
      const [outside, inside] = [x.shape.slice(batchDims, along), x.shape.slice(along + 1)];
      const [batch, length] = [sizeOf(x.shape.slice(0, batchDims)), sizeAlong(x.shape, along)];
      const [outer, inner, count] = [sizeOf(outside), sizeOf(inside), indices.size / batch];
      const rows = transpose(reshape(x, [batch, outer, length, inner]), [0, 2, 1, 3]);
      const starts = reshape(range(0, batch * length, length, "int32"), [batch, 1]);
      const positions = reshape(add(reshape(indices, [batch, count]), starts), [batch * count]);
      const taken = gather(reshape(rows, [batch * length, outer * inner]), positions);
      const back = transpose(reshape(taken, [batch, count, outer, inner]), [0, 2, 1, 3]);
      return reshape(back, [
        ...x.shape.slice(0, batchDims),
        ...outside,
        ...indices.shape.slice(batchDims),
        ...inside,
      ]);
    },
  ),
];
