import {
  add,
  DenseBincount,
  DepthToSpace,
  Diag,
  eye,
  FlipLeftRight,
  gather,
  GatherNd,
  gatherND,
  GatherV2,
  getGradient,
  mul,
  type NamedAttrMap,
  range,
  registerGradient,
  reshape,
  reverse,
  ScatterNd,
  scatterND,
  slice_util,
  SparseToDense,
  StridedSlice,
  type StridedSliceAttrs,
  sum,
  type Tensor,
  TensorScatterUpdate,
  tensorScatterUpdate,
  TopK,
  UnsortedSegmentSum,
  transpose,
  zeros,
} from "@tensorflow/tfjs-core";
import { sizeOf } from "../host-tensor.ts";
import { stridedSlice } from "../op/strided-slice.ts";
import { registerComposedGradient } from "./register-composed-gradient.ts";
import { sizeAlong } from "../op/size-along.ts";

/** Gives ops that read or write numbers by their indices the gradients that tfjs lacks or gets wrong. */
export function registerIndexingGradients(): void {
  registerScatters();
  registerMoves();
  registerComposedGradient<{ x: Tensor }, StridedSliceAttrs>({
    kernelName: StridedSlice,
    inputs: ["x"],
    compose: ({ x }, spec) => slices(x, spec),
  });
  registerComposedGradient<{ x: Tensor; indices: Tensor }, GatherSpec>({
    kernelName: GatherV2,
    inputs: ["x", "indices"],
    when: ({ batchDims }) => batchDims > 0,
    compose: ({ x, indices }, spec) => gatherInBatch(x, indices, spec),
  });
  // Indices may depend on the input of a gradient, though not smoothly: their gradient is zero, where tfjs throws.
  for (const [kernelName, positions] of [
    [GatherV2, "indices"],
    [UnsortedSegmentSum, "segmentIds"],
  ] as const) {
    const own = getGradient(kernelName);
    registerGradient({
      ...own,
      gradFunc: (dy, saved, attributes) => ({
        ...own.gradFunc(dy, saved, attributes),
        [positions]: () => zeros((saved[kernelName === GatherV2 ? 1 : 0] as Tensor).shape),
      }),
    });
  }
}

// Gathering and scattering are each other's gradients.
function registerScatters(): void {
  register(GatherNd, ["params", "indices"], (dy, [params, indices]) => ({
    params: () => scatterND(indices, dy, params.shape),
  }));
  register(ScatterNd, ["indices"], (dy, [indices]) => ({ updates: () => gatherND(dy, indices) }));
  register(TensorScatterUpdate, ["indices", "updates"], (dy, [indices, updates]) => ({
    tensor: () => tensorScatterUpdate(dy, indices, zeros(updates.shape)),
    updates: () => gatherND(dy, indices),
  }));
  register(SparseToDense, ["sparseIndices", "sparseValues"], (dy, [indices, values]) => {
    const positions = reshape(indices, [-1, dy.rank]);
    const { shape } = values;
    const taken = () => gatherND(dy, positions);
    return {
      sparseValues: () => (shape.length === 0 ? sum(taken()) : taken()),
      defaultValue: () => sum(tensorScatterUpdate(dy, positions, zeros([sizeAlong(positions, 0)]))),
    };
  });
  register(DenseBincount, ["x"], (dy, [x]) => ({ weights: () => gatherCounts(dy, x) }));
  registerGradient({
    kernelName: TopK,
    inputsToSave: ["x"],
    outputsToSave: [false, true],
    gradFunc: (dys, saved) => {
      const [x, indices] = saved as [Tensor, Tensor];
      const [dy] = dys as Tensor[];
      return { x: () => putBack(dy as Tensor, indices, x.shape) };
    },
  });
}

/** What only moves numbers: the gradient moves them back. */
function registerMoves(): void {
  register(FlipLeftRight, [], (dy) => ({ image: () => reverse(dy, 2) }));
  register(Diag, ["x"], (dy, [{ size, shape }]) => ({
    x: () => reshape(sum(mul(reshape(dy, [size, size]), eye(size)), 1), shape),
  }));
  register(DepthToSpace, ["x"], (dy, [{ shape }], attributes) => ({
    x: () => {
      const { blockSize: n, dataFormat } = attributes as { blockSize: number; dataFormat: string };
      if (dataFormat === "NCHW") {
        const [batch = 0, channels = 0, height = 0, width = 0] = shape;
        const blocks = reshape(dy, [batch, channels / n / n, height, n, width, n]);
        return reshape(transpose(blocks, [0, 3, 5, 1, 2, 4]), shape);
      }
      const [batch = 0, height = 0, width = 0, channels = 0] = shape;
      const blocks = reshape(dy, [batch, height, n, width, n, channels / n / n]);
      return reshape(transpose(blocks, [0, 1, 3, 2, 4, 5]), shape);
    },
  }));
}

/** One tensor for each name. */
type Saved<Names extends readonly string[]> = { readonly [I in keyof Names]: Tensor };

function register<const Names extends readonly string[]>(
  kernelName: string,
  inputsToSave: Names,
  gradient: (dy: Tensor, saved: Saved<Names>, attributes: NamedAttrMap) => Record<string, () => Tensor>,
): void {
  registerGradient({
    kernelName,
    inputsToSave: [...inputsToSave],
    gradFunc: (dy, saved, attributes) => gradient(dy as Tensor, saved as Saved<Names>, attributes),
  });
}

/** Numbers `[..., k]` at `indices` along the last axis of zeros. */
function putBack(dy: Tensor, indices: Tensor, shape: readonly number[]): Tensor {
  const length = sizeAlong({ shape }, -1);
  const k = sizeAlong(dy, -1);
  const rows = sizeOf(shape) / length;
  const starts = reshape(range(0, rows * length, length, "int32"), [rows, 1]);
  const positions = reshape(add(reshape(indices, [rows, k]), starts), [rows * k, 1]);
  return reshape(scatterND(positions, reshape(dy, [rows * k]), [rows * length]), [...shape]);
}

/** What each of the numbers counted was counted into. */
function gatherCounts(dy: Tensor, x: Tensor): Tensor {
  if (x.rank === 1) return gather(dy, x);
  const [rows = 0, columns = 0] = x.shape;
  const bins = sizeAlong(dy, 1);
  const starts = reshape(range(0, rows * bins, bins, "int32"), [rows, 1]);
  return reshape(gather(reshape(dy, [rows * bins]), reshape(add(x, starts), [x.size])), [rows, columns]);
}

function slices(x: Tensor, spec: StridedSliceAttrs): Tensor {
  const { begin, end, strides, finalShape } = slice_util.sliceInfo(
    x.shape,
    spec.begin,
    spec.end,
    spec.strides,
    spec.beginMask,
    spec.endMask,
    spec.ellipsisMask,
    spec.newAxisMask,
    spec.shrinkAxisMask,
  );
  const counts = slice_util.computeOutShape(begin, end, strides);
  const y = counts.reduce<Tensor>((part, count, axis) => {
    const [start = 0, stride = 1] = [begin[axis], strides[axis]];
    if (stride > 0) return stridedSlice(part, axis, start, count, stride);
    return reverse(stridedSlice(part, axis, start + (count - 1) * stride, count, -stride), axis);
  }, x);
  return reshape(y, finalShape);
}

interface GatherSpec {
  readonly axis: number;
  readonly batchDims: number;
}

/** `gather` with a batch of indices of its own for each of `x`, as one `gather` from all of them. */
function gatherInBatch(x: Tensor, indices: Tensor, { axis, batchDims }: GatherSpec): Tensor {
  const along = axis < 0 ? axis + x.rank : axis;
  const outerShape = x.shape.slice(batchDims, along);
  const innerShape = x.shape.slice(along + 1);
  const length = sizeAlong(x, along);
  const [batch, outer, inner] = [sizeOf(x.shape.slice(0, batchDims)), sizeOf(outerShape), sizeOf(innerShape)];
  const count = indices.size / batch;
  const rows = transpose(reshape(x, [batch, outer, length, inner]), [0, 2, 1, 3]); // [batch, length, outer, inner]
  const starts = reshape(range(0, batch * length, length, "int32"), [batch, 1]);
  const positions = reshape(add(reshape(indices, [batch, count]), starts), [batch * count]);
  const taken = gather(reshape(rows, [batch * length, outer * inner]), positions);
  const back = transpose(reshape(taken, [batch, count, outer, inner]), [0, 2, 1, 3]);
  const shape = [
    ...x.shape.slice(0, batchDims),
    ...outerShape,
    ...indices.shape.slice(batchDims),
    ...innerShape,
  ];
  return reshape(back, shape);
}
