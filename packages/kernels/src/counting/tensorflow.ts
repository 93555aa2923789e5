import {
  add,
  DenseBincount,
  fill,
  minimum,
  ones,
  range,
  reshape,
  SparseToDense,
  type Tensor,
  type Tensor1D,
  tensorScatterUpdate,
  broadcastTo,
  cast,
  unsortedSegmentSum,
} from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";
import { sizeAlong } from "../size-along.ts";

interface Counting {
  readonly size: number;
  readonly binaryOutput: boolean;
}

interface SparseInputs {
  readonly sparseIndices: Tensor;
  readonly sparseValues: Tensor;
  readonly defaultValue: Tensor;
}

/** tfjs-node has no counts at all, and takes the indices of `sparseToDense` in order only. */
export const counting: readonly ComposedKernel[] = [
  defineComposedKernel<{ x: Tensor; weights: Tensor }, Counting>(
    DenseBincount,
    ({ x, weights }, { size, binaryOutput }) => {
      const rows = x.rank === 2 ? sizeAlong(x.shape, 0) : 1;
      const starts = reshape(range(0, rows * size, size, "int32"), [rows, 1]);
      const positions = reshape(add(reshape(x, [rows, -1]), starts), [x.size]);
      const counted = weights.size > 0 ? reshape(weights, [x.size]) : ones([x.size]);
      const sums = reshape(
        unsortedSegmentSum(counted, cast(positions, "int32") as Tensor1D, rows * size),
        x.rank === 2 ? [rows, size] : [size],
      );
      return binaryOutput ? minimum(sums, 1) : sums;
    },
  ),
  defineComposedKernel<Record<string, Tensor> & SparseInputs, { readonly outputShape: number[] }>(
    SparseToDense,
    ({ sparseIndices, sparseValues, defaultValue }, { outputShape }) => {
      const positions = reshape(sparseIndices, [-1, outputShape.length]);
      const values = broadcastTo(sparseValues, [sizeAlong(positions.shape, 0)]);
      const rest = broadcastTo(defaultValue, outputShape) as Tensor;
      return tensorScatterUpdate(outputShape.includes(0) ? fill(outputShape, 0) : rest, positions, values);
    },
  ),
];
