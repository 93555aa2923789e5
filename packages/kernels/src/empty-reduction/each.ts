import {
  All,
  Any,
  ArgMax,
  ArgMin,
  type DataType,
  fill,
  Max,
  Min,
  ones,
  Prod,
  Softmax,
  type Tensor,
  Transpose,
  util,
  zeros,
} from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";

interface Attributes {
  /** `null` for all. */
  readonly axis?: number | number[] | null;
  /** What tfjs calls the axes of `max`. */
  readonly reductionIndices?: number | number[] | null;
  readonly keepDims?: boolean;
}

/** What a reduction gives of nothing; `null` for an error. */
const ofNothing: Readonly<Record<string, ((shape: number[], dtype: DataType) => Tensor) | null>> = {
  [Prod]: (shape, dtype) => ones(shape, dtype),
  [All]: (shape) => fill(shape, 1, "bool"),
  [Any]: (shape) => fill(shape, 0, "bool"),
  [Max]: (shape) => fill(shape, -Infinity),
  [Min]: (shape) => fill(shape, Infinity),
  [ArgMax]: null,
  [ArgMin]: null,
};

/** Reductions of tensors without numbers, where tfjs' own give what was in memory, or throw for want of a buffer: PyTorch's answers. */
const reductions = Object.entries(ofNothing).map(([name, make]) =>
  defineComposedKernel<{ x: Tensor }, Attributes>(
    name,
    ({ x }, { axis, reductionIndices, keepDims = false }) => {
      if (x.size > 0) return null;
      const axes = util.parseAxisParam(axis ?? reductionIndices ?? [...x.shape.keys()], x.shape);
      const shape = x.shape.flatMap((size, at) => (axes.includes(at) ? (keepDims ? [1] : []) : [size]));
      if (make !== null) return make(shape, x.dtype);
      if (!shape.includes(0)) {
        throw new RangeError(`${name}: x is [${x.shape.join(", ")}]: of no numbers there is no extreme.`);
      }
      return zeros(shape, "int32");
    },
  ),
);

/** Reductions, the softmax and the transpose of tensors without numbers; WASM's own transpose divides by their sizes. */
export const emptyReduction: readonly ComposedKernel[] = [
  ...reductions,
  defineComposedKernel<{ logits: Tensor }>(Softmax, ({ logits }) =>
    logits.size > 0 ? null : zeros(logits.shape),
  ),
  defineComposedKernel<{ x: Tensor }, { readonly perm: number[] }>(Transpose, ({ x }, { perm }) =>
    x.size > 0
      ? null
      : zeros(
          perm.map((axis) => x.shape[axis] ?? 1),
          x.dtype,
        ),
  ),
];
