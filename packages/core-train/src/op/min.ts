import { argMin, min as smallest, reshape, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { amin } from "./amin.ts";
import { noGrad } from "../no-grad.ts";
import { checkNotEmpty } from "./check-not-empty.ts";
import { defineOp } from "./define-op.ts";
import type { Extremes } from "./max.ts";
import { scatterAlong } from "./scatter-along.ts";
import { resolveAxis } from "./resolve-axis.ts";

const op = defineOp({
  name: "PellucidMin",
  inputs: { x: "float32 | int32", indices: "int32" },
  reference: ({ x }, { axis, keepDims }: { axis: number; keepDims: boolean }): Tensor =>
    smallest(x, axis, keepDims),
  gradient: (dy, { x, indices }, { axis }) => ({ x: () => scatterAlong(dy, indices, axis, x.shape) }),
});

/**
 * The smallest number, or the smallest along an axis with its index, as `torch.min`. Along an axis the first of those
 * that tie gets the gradient; without an axis they share it, see {@link amin}.
 */
export function min(x: Tensor): Tensor;
export function min<T extends Tensor>(x: Tensor, axis: number, keepDims?: boolean): Extremes<T>;
export function min(x: Tensor, axis?: number, keepDims = false): Tensor | Extremes {
  if (axis === undefined) return amin(x);
  const along = resolveAxis("min", axis, x);
  checkNotEmpty("min", x, [along]);
  return tidy(() => {
    const indices = noGrad(() => argMin(x, along));
    const values = op({ x, indices }, { axis: along, keepDims });
    return { values, indices: reshape(indices, values.shape) };
  });
}
