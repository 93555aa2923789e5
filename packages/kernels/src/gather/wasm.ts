import {
  add,
  backend_util,
  gather,
  GatherV2,
  range,
  reshape,
  type Tensor,
  transpose,
} from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";
import { sizeAlong } from "../size-along.ts";

interface Attributes {
  readonly axis: number;
  readonly batchDims: number;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

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
