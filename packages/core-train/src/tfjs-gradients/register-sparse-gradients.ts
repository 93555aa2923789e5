import {
  Bincount,
  div,
  gather,
  maximum,
  ones,
  registerGradient,
  reshape,
  SparseFillEmptyRows,
  SparseSegmentMean,
  SparseSegmentSum,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  unsortedSegmentSum,
} from "@tensorflow/tfjs-core";
import { sizeAlong } from "../op/size-along.ts";

/**
 * Gives `sparse.sparseSegmentSum`, `sparse.sparseSegmentMean`, `sparse.sparseFillEmptyRows` and `bincount` gradients at what they
 * sum, average, fill and count. `sparse.sparseReshape` works on indices alone.
 */
export function registerSparseGradients(): void {
  for (const kernelName of [SparseSegmentSum, SparseSegmentMean]) {
    registerGradient({
      kernelName,
      inputsToSave: ["data", "indices", "segmentIds"],
      gradFunc: (dy, saved) => {
        const [data, indices, segments] = saved as [Tensor, Tensor1D, Tensor1D];
        const each = kernelName === SparseSegmentMean ? shared(dy as Tensor, segments) : (dy as Tensor);
        const rows = () => unsortedSegmentSum(gather(each, segments), indices, sizeAlong(data, 0));
        return { data: rows };
      },
    });
  }
  registerGradient({
    kernelName: SparseFillEmptyRows,
    outputsToSave: [false, false, false, true],
    gradFunc: (dys, saved) => {
      const [, dy] = dys as Tensor[];
      const kept = () => gather(dy as Tensor, saved[0] as Tensor);
      return { values: kept, defaultValue: () => sub(sum(dy as Tensor), sum(kept())) };
    },
  });
  registerGradient({
    kernelName: Bincount,
    inputsToSave: ["x"],
    gradFunc: (dy, [x]) => ({ weights: () => gather(dy as Tensor, x as Tensor) }),
  });
}

/** What each row of a segment has of the gradient at its mean. */
function shared(dy: Tensor, segments: Tensor1D): Tensor {
  const [count = 0] = dy.shape;
  const sizes = maximum(unsortedSegmentSum(ones(segments.shape), segments, count), 1);
  return div(dy, reshape(sizes, [count, ...dy.shape.slice(1).fill(1)]));
}
