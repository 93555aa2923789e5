import { argMax, max as largest, reshape, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { amax } from "./amax.ts";
import { noGrad } from "../no-grad.ts";
import { checkNotEmpty } from "./check-not-empty.ts";
import { defineOp } from "./define-op.ts";
import { scatterAlong } from "./scatter-along.ts";
import { resolveAxis } from "./resolve-axis.ts";

const op = defineOp({
  name: "PellucidMax",
  inputs: { x: "float32 | int32", indices: "int32" },
  reference: ({ x }, { axis, keepDims }: { axis: number; keepDims: boolean }): Tensor =>
    largest(x, axis, keepDims),
  gradient: (dy, { x, indices }, { axis }) => ({ x: () => scatterAlong(dy, indices, axis, x.shape) }),
});

/** Numbers picked along an axis, and where they were. */
export type Extremes<T extends Tensor = Tensor> = {
  readonly values: T;
  /** int32, of the shape of `values`. */
  readonly indices: T;
};

/**
 * The largest number, or the largest along an axis with its index, as `torch.max`. Along an axis the first of those that
 * tie gets the gradient; without an axis they share it, see {@link amax}.
 */
export function max(x: Tensor): Tensor;
export function max<T extends Tensor>(x: Tensor, axis: number, keepDims?: boolean): Extremes<T>;
export function max(x: Tensor, axis?: number, keepDims = false): Tensor | Extremes {
  if (axis === undefined) return amax(x);
  const along = resolveAxis("max", axis, x);
  checkNotEmpty("max", x, [along]);
  return tidy(() => {
    const indices = noGrad(() => argMax(x, along));
    const values = op({ x, indices }, { axis: along, keepDims });
    return { values, indices: reshape(indices, values.shape) };
  });
}
